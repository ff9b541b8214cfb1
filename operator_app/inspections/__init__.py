"""Inspection: check-lists as data, evidence, and a phone without a network in a corridor."""
