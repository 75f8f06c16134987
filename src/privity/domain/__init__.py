"""The ground floor: values and words. Standard library only; no input or output."""
