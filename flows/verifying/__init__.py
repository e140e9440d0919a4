"""Verifying a home: journal, archive, releases, warehouse and its copies against one another."""
