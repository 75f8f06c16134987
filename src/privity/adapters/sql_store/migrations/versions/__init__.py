"""Migrations of the state, newest last; never edited once released."""
