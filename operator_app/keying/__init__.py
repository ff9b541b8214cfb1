"""Keying paper by hand, fast, with a measured error rate."""
