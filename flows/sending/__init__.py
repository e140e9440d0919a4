"""What goes out by itself: returned workbooks, reminders, the night's summary; each once."""
