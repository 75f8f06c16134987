"""Officers see, sign, and release or refuse; what follows."""
