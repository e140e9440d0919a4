"""The quarter's tables as a workbook, and what its cells say read back."""
