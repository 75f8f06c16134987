"""Which digests a line or a record yields, what each level means, and the decision. Pure: no keys, no engine."""
