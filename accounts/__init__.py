"""Who may do what: users, roles (norms A6), signing in, the guard of every staff page, the audit trail.

A floor of its own under the audiences, because an operator, a council and an organisation are recognised alike
(docs/decisions/0007). Recipients of services have no account here and never will.
"""
