"""Tables made from the declaration: units, figures, indicators, the contract."""

from __future__ import annotations

from flows.warehouse.tables.model import (
    FIGURE_TO_INDICATOR,
    Table,
    columns_of,
    named,
    referring,
)

CONTRACT_VERSION = "1"

REPORTING_UNITS = Table(
    "reporting_unit",
    "A reporting unit, past or present.",
    columns_of(
        "code | VARCHAR | the unit's code",
        "name | VARCHAR | its name",
        "kind | VARCHAR | its kind",
        "valid_from | DATE | its first day; null where it has always been",
        "valid_to | DATE | its last day; null where it still is",
        "successor | VARCHAR | the unit it went into",
    ),
    key=named("code"),
    refers=referring("successor -> reporting_unit (code)"),
)

UNIT_SPLITS = Table(
    "unit_split",
    "A part of a unit that was split; values of the units named do not compare across the day.",
    columns_of(
        "split_on | DATE | the first day of the units as they are since",
        "source | VARCHAR | the code of the unit that was split; it ended then, or went on smaller",
        "into_code | VARCHAR | the code of a unit that got a part of it, a row each",
    ),
    key=named("split_on, source, into_code"),
    refers=referring("source -> reporting_unit (code)", "into_code -> reporting_unit (code)"),
)

FIGURES = Table(
    "figure",
    "A version of a figure asked for: a row for each span of months with another line.",
    columns_of(
        "figure | VARCHAR | the figure's name",
        "form | VARCHAR | the form it is a line of",
        "code | VARCHAR | form number and line",
        "name_zh | VARCHAR | its Chinese name",
        "unit | VARCHAR | unit of its values in the warehouse, the same in all versions",
        "asked_in | VARCHAR | unit that the form asks for; values were converted exactly",
        "kind | VARCHAR | stock (at the month's end) or flow (of the month)",
        "reporter | VARCHAR | who reports it",
        "definition | VARCHAR | what it counts",
        "valid_from | DATE | first month asked so",
        "valid_to | DATE | last month asked so; null where it still is",
        "sensitive | BOOLEAN | a count of persons of whom few are suppressed in what is shared",
    ),
    key=named("figure, valid_from"),
    refers=referring(FIGURE_TO_INDICATOR),
)

INDICATORS = Table(
    "indicator",
    "An indicator; figures are indicators of their own name.",
    columns_of(
        "indicator | VARCHAR | the indicator's name",
        "name_zh | VARCHAR | its Chinese name",
        "unit | VARCHAR | its unit of measure",
        "kind | VARCHAR | stock, flow or ratio",
        "formula | VARCHAR | how it is computed from figures",
        "definition | VARCHAR | what it says",
    ),
    key=named("indicator"),
)

CONTRACT = Table(
    "contract",
    "The version of the public contract this file keeps.",
    columns_of("version | VARCHAR | the version"),
    key=named("version"),
)
