"""Coverage-guided fuzzing of every parser: targets, seeds, and the command that runs them (docs/guides/engineer.md)."""
