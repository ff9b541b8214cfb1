"""Files as they are: whatever table the operator has becomes counted questionnaires, or a clear report."""
