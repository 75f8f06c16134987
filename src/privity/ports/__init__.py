"""Protocols only: what services need from the outside, and adapters provide."""
