"""The report as a Word document: a template that a bureau can edit or replace, filled."""
