"""A custodian's home: made, trusted, restored, exported, cleared."""
