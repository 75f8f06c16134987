"""The matcher measured against known truth, with no release."""
