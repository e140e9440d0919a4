"""Tidy rows to verdicts: findings, what is accepted, what is held."""
