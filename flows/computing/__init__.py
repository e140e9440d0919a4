"""The indicators by quarter and their growth, as SQL files that can be read."""
