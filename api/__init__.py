"""The service as programs see it: what is published, for anybody; files of answers, for an operator's programs.

One description (`contract/`) serves the document, the checks of what is asked, the page for people and the tests.
"""
