"""Orders that stop or call back, the notices they ask for, and persons withheld."""
