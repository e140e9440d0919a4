"""The computing in SQL against the plain implementation, on worlds made at random."""
