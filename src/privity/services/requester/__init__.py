"""The other side's tools: no home, no register."""
