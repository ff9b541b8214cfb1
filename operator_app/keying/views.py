"""Paper keyed by hand: stacks, sheets, second keying, disagreements, error rate."""

from operator_app.keying import check_views, sheet_views, stack_views
from operator_app.keying.blueprint import bp

__all__ = ["bp", "check_views", "sheet_views", "stack_views"]
