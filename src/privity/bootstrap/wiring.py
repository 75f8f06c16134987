"""The one room that picks adapters: settings in, a wired gate out."""
