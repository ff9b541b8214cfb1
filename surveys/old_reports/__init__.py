"""Reports of earlier years as other operators made them: read, recomputed, explained, kept beside our own figures."""

from surveys.old_reports.keeping import reported, years

__all__ = ["reported", "years"]
