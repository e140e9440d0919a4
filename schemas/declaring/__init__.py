"""The vocabulary in which a district declares its forms, rules and indicators."""
