"""Signatures under a document: made with the council's own certificate, checked, or made elsewhere and kept beside."""
