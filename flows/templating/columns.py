"""The columns of a figure form's sheet, from 1."""

NUMBER, NAME, MEASURE, CODE, MONTH, CUMULATIVE, NOTE = range(1, 8)
LAST, YEAR_AGO, LAST_CUMULATIVE, CHECK, BLANKS = range(8, 13)
HELPERS = BLANKS + 1
"""The first of the hidden columns in which each check stands alone."""
