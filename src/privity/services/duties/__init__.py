"""What is owed under agreements, and what is overdue."""
