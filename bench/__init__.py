"""Benchmarks: each one command, each beside a peer or a limit. Nothing here is shipped."""
