"""The columns of a figure form's sheet, from 1."""

NUMBER, NAME, MEASURE, CODE, MONTH, CUMULATIVE, NOTE = range(1, 8)
LAST, YEAR_AGO, LAST_CUMULATIVE, CHECK, BLANKS, MEANT = range(8, 14)
HELPERS = MEANT + 1
"""The first of the hidden columns in which each check stands alone."""
