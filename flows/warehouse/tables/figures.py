"""Views of the values in force: by figure, by form, by ledger, and the targets."""

from __future__ import annotations

from flows.warehouse.tables.model import (
    AMOUNT,
    FIGURE_TO_INDICATOR,
    MONTH,
    QUARTER,
    SUBMISSION,
    TO_INDICATOR,
    TO_SUBMISSION,
    TO_UNIT,
    UNIT,
    Column,
    Table,
    columns_of,
    named,
    referring,
)
from schemas.declaring.district import Declaration
from schemas.declaring.model import FigureForm, Ledger

_LEDGER_TYPES = {
    "text": "VARCHAR",
    "choice": "VARCHAR",
    "date": "DATE",
    "count": "BIGINT",
    "decimal": AMOUNT,
}

_FIGURE_COLUMNS = columns_of(
    MONTH,
    UNIT,
    "form | VARCHAR | the form",
    "figure | VARCHAR | the figure",
    f"value | {AMOUNT} | the value in force, in the figure's unit whatever the form asked in; null for not applicable",
    f"year_to_date | {AMOUNT} | 本年累计 as reported; null for stocks",
    "mark | VARCHAR | reported, not_applicable or history (a dated total from before the forms)",
    SUBMISSION,
    "sheet | VARCHAR | the sheet it stands on",
    "cell | VARCHAR | the cell it stands in",
)

_FIGURE_SELECT = (
    "SELECT make_date(t.month // 12, t.month % 12 + 1, 1) AS month, t.unit_code, t.form, v.figure, "
    "v.value, v.year_to_date, v.mark, t.submission, v.sheet, v.cell "
    "FROM internal.tenure t JOIN internal.figure_value v ON v.reading = t.reading"
)

_HISTORY_SELECT = (
    "SELECT make_date(h.month // 12, h.month % 12 + 1, 1), h.unit_code, h.form, h.figure, "
    "h.value, NULL, 'history', h.submission, h.sheet, h.cell FROM internal.history h"
)


def figures_where(held: str) -> str:
    """The values that `held` says are in force; `{0}` stands for a row with its time.

    A dated total of a unit that reported the figure in one of its months is not.
    """
    reported = (
        "SELECT 1 FROM internal.tenure t JOIN internal.figure_value v ON v.reading = t.reading "
        f"WHERE {held.format('t')} AND t.unit_code = h.unit_code AND v.figure = h.figure "
        "AND t.month > h.month - h.months AND t.month <= h.month"
    )
    return (
        f"{_FIGURE_SELECT} WHERE {held.format('t')} "
        f"UNION ALL {_HISTORY_SELECT} WHERE {held.format('h')} AND NOT EXISTS ({reported})"
    )


MONTHLY = Table(
    "monthly_figure",
    "A value in force.",
    _FIGURE_COLUMNS,
    figures_where("{0}.until IS NULL"),
    key=named("month, unit_code, figure"),
    refers=referring(TO_UNIT, FIGURE_TO_INDICATOR, TO_SUBMISSION),
)


def form_view(form: FigureForm) -> Table:
    """A form's view: a unit's month a row, a column a figure."""
    figures = form.latest
    columns = (
        *columns_of(MONTH, UNIT, "unit_name | VARCHAR | the unit's name"),
        *(
            Column(each.name, AMOUNT, f"{each.name_zh} ({each.unit}): {each.definition}")
            for each in figures.values()
        ),
    )
    picked = ", ".join(
        f"max(m.value) FILTER (WHERE m.figure = '{name}') AS {name}" for name in figures
    )
    return Table(
        form.name,
        f"{form.title_zh} ({form.form_no}): a unit's month, the values in force.",
        columns,
        f"SELECT m.month, m.unit_code, any_value(u.name) AS unit_name, {picked} "
        "FROM main.monthly_figure m LEFT JOIN main.reporting_unit u ON u.code = m.unit_code "
        f"WHERE m.form = '{form.name}' GROUP BY m.month, m.unit_code",
        key=named("month, unit_code"),
        refers=referring(TO_UNIT),
    )


def ledger_columns(ledger: Ledger) -> tuple[Column, ...]:
    """The ledger's own columns that may be kept."""
    return tuple(
        Column(each.name, _LEDGER_TYPES[each.type], f"{each.name_zh}: {each.definition}")
        for each in ledger.kept
    )


_ROW = ("row | INTEGER | the sheet's row", "sheet | VARCHAR | the sheet it stands on")


def ledger_view(ledger: Ledger) -> Table:
    """A ledger's public view: its rows in force."""
    own = ledger_columns(ledger)
    names = ", ".join(f"r.{column.name}" for column in own)
    return Table(
        ledger.table,
        f"{ledger.title_zh} ({ledger.form_no}): its rows in force at a month's end.",
        (*columns_of(MONTH, UNIT), *own, *columns_of(SUBMISSION, *_ROW)),
        "SELECT make_date(t.month // 12, t.month % 12 + 1, 1) AS month, t.unit_code, "
        f"{names}, t.submission, r.row, r.sheet FROM internal.{ledger.table} r "
        "JOIN internal.tenure t ON t.reading = r.reading AND t.until IS NULL",
        refers=referring(TO_UNIT, TO_SUBMISSION),
    )


_TARGET_COLUMNS = columns_of(
    *QUARTER,
    "indicator | VARCHAR | the indicator; null where the name is no longer that of one",
    f"target | {AMOUNT} | what is to be reached by the quarter's end, from January",
    "indicator_name | VARCHAR | the indicator as the table of targets names it",
    SUBMISSION,
    "row | INTEGER | the sheet's row",
)

_TARGET_SELECT = (
    "SELECT (month // 12) || 'Q' || number AS quarter, "
    "make_date(CAST(month // 12 AS INTEGER), number * 3 - 2, 1) AS quarter_start, indicator, "
    'target, indicator_name, submission, "row" FROM internal.target_version v '
    # Of several offices that set a target for the same, the last one's is in force.
    "WHERE v.until IS NULL QUALIFY row_number() OVER (PARTITION BY month, number, "
    'coalesce(indicator, indicator_name) ORDER BY since DESC, reading DESC, "row" DESC) = 1'
)

TARGETS = Table(
    "target",
    "A target in force, cumulative within the year; a file of targets replaces its whole year.",
    _TARGET_COLUMNS,
    _TARGET_SELECT,
    key=named("quarter, indicator_name"),
    refers=referring(TO_INDICATOR, TO_SUBMISSION),
)


def target_versions(declaration: Declaration) -> str:
    """The query of internal.target_version: every target with the time that it was in force."""
    parts = [
        "SELECT t.month, q.number, n.indicator, "
        f"r.{each.targets.indicator} AS indicator_name, "
        f"list_extract([{', '.join(f'r.{name}' for name in each.targets.by_quarter)}], q.number) "
        "AS target, t.submission, r.row, t.reading, t.since, t.until "
        f"FROM internal.{each.table} r JOIN internal.tenure t ON t.reading = r.reading "
        f"LEFT JOIN internal.target_name n ON n.name = r.{each.targets.indicator} "
        "CROSS JOIN (SELECT unnest([1, 2, 3, 4]) AS number) q"
        for each in declaration.ledgers
        if each.targets is not None
    ]
    none = (
        "SELECT 0 AS month, 0 AS number, '' AS indicator, '' AS indicator_name, "
        f"CAST(0 AS {AMOUNT}) AS target, '' AS submission, 0 AS \"row\", 0 AS reading, "
        "CAST(NULL AS TIMESTAMP) AS since, CAST(NULL AS TIMESTAMP) AS until WHERE FALSE"
    )
    return f"SELECT * FROM ({' UNION ALL '.join((none, *parts))}) WHERE target IS NOT NULL"
