"""A second, plain implementation of the time arithmetic, to be checked by reading.

It follows one value at a time with loops, dicts and exact fractions: months are put
together in `months`, quarters in `quarters`, district totals in `districts`, growth in
`growth`, what targets come to in `progress`. It shares nothing with the implementation it is compared with.
"""

from tests.plain.growth import growth
from tests.plain.progress import progress
from tests.plain.quarters import quarterly
from tests.plain.rows import GrowthRow, ProgressRow, QuarterlyRow

__all__ = ["GrowthRow", "ProgressRow", "QuarterlyRow", "growth", "progress", "quarterly"]
