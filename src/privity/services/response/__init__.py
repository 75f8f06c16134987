"""The content of an answer: laid out and fixed."""
