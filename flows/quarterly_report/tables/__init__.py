"""The quarter's tables as a workbook, and what its cells say read back."""

from flows.quarterly_report.tables.workbook import tables

__all__ = ["tables"]
