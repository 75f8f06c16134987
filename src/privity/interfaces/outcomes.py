"""One table from error code to the outside: exit code, and later HTTP problem and page message."""
