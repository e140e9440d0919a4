"""What goes out to a township: workbooks to fill in, with their checks alive in them."""
