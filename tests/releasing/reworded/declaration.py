"""The district with another formula: a share of all that it was a share of a part of."""

import dataclasses

from schemas.declaration import DECLARATION as ITS_OWN

DECLARATION = dataclasses.replace(
    ITS_OWN,
    indicators=tuple(
        dataclasses.replace(each, formula="100 * complexes_planned / villages")
        if each.name == "complex_coverage"
        else each
        for each in ITS_OWN.indicators
    ),
)
