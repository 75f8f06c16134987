"""The front doors. Each door parses its own surroundings, calls one service, and shows what came back."""
