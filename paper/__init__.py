"""Printed forms, and the reading of what people marked on them (docs/decisions/0019)."""
