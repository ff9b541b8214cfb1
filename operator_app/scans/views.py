"""Scans of printed forms: batches of them, sheets that wait, forms to print, places to look at."""

from operator_app.scans import act_views, batch_views, print_views, review_views, sheet_views
from operator_app.scans.blueprint import bp

__all__ = ["act_views", "batch_views", "bp", "print_views", "review_views", "sheet_views"]
