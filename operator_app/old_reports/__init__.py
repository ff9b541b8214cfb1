"""Reports of earlier years: brought in by the head, their columns and organisations confirmed, taken, undone."""
