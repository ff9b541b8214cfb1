"""Signatures under a document: made with the council's own certificate, checked, or made elsewhere and kept beside."""

import logging

# A chain of certificates that leads nowhere is what we expect, and the names of people are no matter of a log.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
