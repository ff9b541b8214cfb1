"""The telephone: interviewers call, the service says whom and what to ask, and forgets the number."""
