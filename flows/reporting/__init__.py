"""What is written for people: summaries, reminders, the month's workbook."""
