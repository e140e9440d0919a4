"""The few units with another formula for one indicator."""

import dataclasses

from tests.few_units.declaration import DECLARATION as ITS_OWN

DECLARATION = dataclasses.replace(
    ITS_OWN,
    indicators=tuple(
        dataclasses.replace(each, formula="100 * complexes_planned / villages")
        if each.name == "complex_coverage"
        else each
        for each in ITS_OWN.indicators
    ),
)
