"""Releases: a quarter frozen as of one instant, and what has changed since."""
