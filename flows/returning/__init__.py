"""What comes back to a township: its own workbook, with what was found marked in it."""
