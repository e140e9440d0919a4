"""Shorthands for a form's lines: `lines = stock, flow` for one group of reporters."""

from schemas.declaring.model import Figure, Kind

MONEY = "万元"


def _figure(
    kind: Kind,
    code: str,
    name: str,
    name_zh: str,
    unit: str,
    definition: str,
    reporter: str,
    definition_zh: str,
    sensitive: bool,
    tells_of: tuple[str, ...] = (),
) -> Figure:
    places = 1 if unit == MONEY else 0
    return Figure(
        name,
        code,
        name_zh,
        unit,
        kind,
        definition,
        reporter,
        places,
        sensitive=sensitive,
        tells_of=tells_of,
        definition_zh=definition_zh,
    )


def stock(
    code: str,
    name: str,
    name_zh: str,
    unit: str,
    definition: str,
    reporter: str = "township",
    *,
    definition_zh: str = "",
    sensitive: bool = False,
) -> Figure:
    """A figure as it stands at the month's end (时点数)."""
    return _figure(
        "stock", code, name, name_zh, unit, definition, reporter, definition_zh, sensitive
    )


def flow(
    code: str,
    name: str,
    name_zh: str,
    unit: str,
    definition: str,
    reporter: str = "township",
    *,
    definition_zh: str = "",
    sensitive: bool = False,
    tells_of: tuple[str, ...] = (),
) -> Figure:
    """A figure of the month itself, with its sum since January (时期数)."""
    return _figure(
        "flow", code, name, name_zh, unit, definition, reporter, definition_zh, sensitive, tells_of
    )
