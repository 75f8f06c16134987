"""The room that puts the house together: settings from the environment, adapters behind ports, a wired gate out."""
