"""What is kept of every line for good, and how it is found again."""
