"""The one place that picks adapters: settings in, a wired gate out. One file for each side that needs one.

`custodian` opens and makes homes, `register` the blind index, `trust` authorities and keys, `requester` works without
a home.
"""
