"""Agreements and offices on record: what was signed, decided and owed."""
