"""The register of reporting units and the ways in which people name them."""

import csv
import datetime as dt
from importlib import resources

from schemas.declaring.model import Split, Unit

PLACES = ("", "黔江区", "重庆市黔江区", "重庆黔江区", "黔江")
SPLITS: tuple[Split, ...] = ()
"""Units of the register that were parted; a renamed or merged one has a successor there."""


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def read_units() -> tuple[Unit, ...]:
    """The units of `units.csv`, past ones included."""
    text = resources.files("schemas").joinpath("units.csv").read_text(encoding="utf-8")
    return tuple(
        Unit(
            row["code"],
            row["name"],
            row["kind"],
            _day(row["valid_from"]),
            _day(row["valid_to"]),
            row["successor"] or None,
        )
        for row in csv.DictReader(text.splitlines())
    )


def unit_names(unit: Unit) -> tuple[str, ...]:
    """The unit's name with and without the district before it and its office behind it."""
    if unit.kind == "街道":
        names: tuple[str, ...] = (unit.name, f"{unit.name}办事处")
    elif unit.kind == "机关":
        names = (unit.name, "民政局机关", "区民政局", "民政局")
    else:
        names = (unit.name, f"{unit.name}人民政府", f"{unit.name}政府")
    return tuple(place + name for place in PLACES for name in names)
