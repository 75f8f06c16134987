"""A register extract becomes a blind index, and changes to one."""
