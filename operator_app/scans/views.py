"""Scans of printed forms: batches of them, sheets that wait, forms to print, places to look at."""

from importlib import import_module, util

from operator_app.scans.blueprint import bp

for _name in ("batch_views", "act_views", "sheet_views", "print_views", "review_views"):
    if util.find_spec(f"operator_app.scans.{_name}"):
        import_module(f"operator_app.scans.{_name}")

__all__ = ["bp"]
