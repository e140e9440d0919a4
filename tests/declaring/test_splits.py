"""Splits are checked when they are declared."""

import dataclasses
from datetime import date

import pytest

from schemas.declaring.model import Split
from tests.computing.small import A, B, C, district

ON = date(2022, 7, 1)
NEW = dataclasses.replace(C, valid_from=ON)
ENDED = dataclasses.replace(B, valid_to=date(2022, 6, 30))


def declare(*splits, units=(A, B, NEW)):
    """A declaration with these splits."""
    return dataclasses.replace(district(*units), splits=splits)


@pytest.mark.parametrize(
    ("split", "units"),
    [
        (Split(ON, "B", ("C",)), (A, B, NEW)),
        (Split(ON, "B", ("C", "A")), (A, ENDED, NEW)),
        (Split(ON, "B", ("A",)), (A, B, NEW)),
        # What is left may go into another unit later.
        (
            Split(ON, "B", ("C",)),
            (A, dataclasses.replace(B, valid_to=date(2022, 7, 31), successor="A"), NEW),
        ),
    ],
)
def test_the_source_ends_or_goes_on_and_its_parts_are_new_units_or_old_ones(split, units):
    assert declare(split, units=units).splits == (split,)


@pytest.mark.parametrize(
    ("split", "units", "said"),
    [
        (Split(ON, "X", ("C",)), (A, B, NEW), "X is not on the register"),
        (Split(ON, "B", ("C", "X")), (A, B, NEW), "X is not on the register"),
        (Split(ON, "1", ("C",)), (A, B, NEW), "1 is the district as a whole"),
        (Split(ON, "B", ("1",)), (A, B, NEW), "1 is the district as a whole"),
        (Split(ON, "B", ()), (A, B, NEW), "name the units that it was split into"),
        (Split(ON, "B", ("B", "C")), (A, B, NEW), "not named again among its parts"),
        (Split(ON, "B", ("C", "C")), (A, B, NEW), "C is named twice"),
        (
            Split(ON, "C", ("A",)),
            (A, B, NEW),
            "the source has to exist on 2022-06-30, the day before",
        ),
        (
            Split(date(2022, 7, 2), "B", ("C",)),
            (A, ENDED, NEW),
            "the source has to exist on 2022-07-01, the day before",
        ),
        (Split(date(2022, 6, 30), "B", ("C",)), (A, B, NEW), "C has to exist on 2022-06-30"),
        (
            Split(ON, "B", ("A", "C")),
            (dataclasses.replace(A, valid_to=date(2022, 6, 30)), B, NEW),
            "A has to exist on 2022-07-01",
        ),
        (
            Split(ON, "B", ("C",)),
            (A, dataclasses.replace(ENDED, successor="A"), NEW),
            "the source cannot end in the split and also go into A",
        ),
    ],
)
def test_what_does_not_go_together_is_named(split, units, said):
    with pytest.raises(ValueError, match=f"split of {split.source} on {split.on}: .*{said}"):
        declare(split, units=units)


def test_a_unit_is_split_once_a_day():
    with pytest.raises(ValueError, match="declared twice; name all parts in one"):
        declare(Split(ON, "B", ("C",)), Split(ON, "B", ("A",)))


def test_everything_that_is_wrong_is_said_at_once():
    with pytest.raises(ValueError, match=r"X is not on the register.*Y is not on the register"):
        declare(Split(ON, "X", ("C",)), Split(ON, "B", ("Y",)))
