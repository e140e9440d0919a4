"""Docs made from the declarations, the tables, the commands and the settings themselves."""
