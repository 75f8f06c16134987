"""Admitted lines are looked up and decided."""
