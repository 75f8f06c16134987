"""The demonstration: synthetic data, a demonstration PKI, and the real commands run one after the other."""
