"""Privity: confirms a named person's address to a signed, lawful request, and nothing else."""

__version__ = "0.1.0"
