"""Sheets drawn by ourselves: letters that were measured, ink in millimetres, a tagged PDF written as it grows."""
