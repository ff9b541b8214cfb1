"""A published file, PDF or JSON, recomputed: what it encloses, and the words printed in its tables."""
