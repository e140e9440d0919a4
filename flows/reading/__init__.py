"""Bytes to cells to tidy rows that remember their sheet and cell."""
