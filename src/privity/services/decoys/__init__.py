"""Lines that must not be confirmed: planted, asked beside the others, and what a confirmed one stops."""
