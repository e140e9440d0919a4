"""What came in: channels, the archive, the journal of runs and decisions."""
