"""The tables that are shared, as queries over the warehouse and what is withheld of it.

The queries read schema `main` of the warehouse and the temporary tables that
`shareable` makes: `of` (label of the quarter, its last month, the year's last
quarter, the district), `withheld_series` (indicator, unit_code), `withheld_total`
(indicator, year_to_date_only), `touched` (indicator) and `changed` (release, indicator).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from flows.warehouse import tables
from flows.warehouse.store import quoted
from flows.warehouse.tables import Column, Table
from schemas.declaring.district import Declaration
from schemas.declaring.model import FigureForm

NOT_SHARED = {
    "submission": "names senders and files",
    "submission_form": "is about files",
    "finding": "repeats values and what was written beside them",
    "revision": "holds the values before a correction",
    "decision": "repeats what the analyst wrote",
    "returned": "is about files that went back",
    "run": "is about the bureau's own work",
    "form_step": "repeats reasons that the units gave",
    "released_figure": "holds the values that have been corrected since",
    "released_progress": "says nothing that released_indicator and target do not",
    "released_coverage": "says nothing that coverage does not, but how it was then",
    "released_finding": "repeats values and what was written beside them",
    "released_withheld": "is about what the bureau's own report withholds",
    "release_revision": "holds the values before a correction",
    "release_effect": "tells how far a correction moved each number",
}
"""Public tables that are for the bureau only, and why; the ledgers are besides."""

SUPPRESSED = Column(
    "suppressed",
    "BOOLEAN",
    "a number is not shown: so few persons; of a withheld ratio also where none is there",
)
_UNIT_HIDDEN = "s.indicator IS NOT NULL"


def _columns(table: Table, *without: str) -> tuple[Column, ...]:
    return tuple(each for each in table.columns if each.name not in without)


def _select(table: Table, alias: str, shown: dict[str, str], *without: str) -> str:
    """The table's columns, those of `shown` by their expression."""
    return ", ".join(
        f"{shown[each.name]} AS {each.name}" if each.name in shown else f"{alias}.{each.name}"
        for each in _columns(table, *without)
    )


def _unless(hidden: str, alias: str, *names: str) -> dict[str, str]:
    return {name: f"CASE WHEN NOT ({hidden}) THEN {alias}.{name} END" for name in names}


def _series(alias: str, key: str) -> str:
    """Joins that tell whether a row's series is withheld, its own or the district's."""
    return (
        f"CROSS JOIN of LEFT JOIN withheld_series s ON s.indicator = {alias}.{key} "
        f"AND s.unit_code = {alias}.unit_code LEFT JOIN withheld_total d "
        f"ON d.indicator = {alias}.{key} AND {alias}.unit_code = of.district "
    )


def _ratio(alias: str) -> str:
    """Whether a row's indicator is a ratio.

    One over nothing is null though it was reported. So in a withheld series every number of
    a ratio is called suppressed: which of them are there would tell which counts are 0.
    """
    return f"{alias}.indicator IN (SELECT r.indicator FROM internal.indicator_rule r WHERE r.ratio)"


_PLACE = ("submission", "sheet", "cell")
_MONTH_HIDDEN = f"({_UNIT_HIDDEN} OR coalesce(NOT d.year_to_date_only, FALSE))"


def _monthly(source: str) -> Table:
    """The values of months up to the quarter's last one, without the cells they stand in."""
    hidden = {
        "mark": f"CASE WHEN {_MONTH_HIDDEN} AND coalesce(m.value, m.year_to_date) IS NOT NULL "
        "THEN 'suppressed' ELSE m.mark END"
    }
    shown = _unless(_MONTH_HIDDEN, "m", "value", "year_to_date") | hidden
    return replace(
        tables.MONTHLY,
        columns=tuple(
            each._replace(comment=each.comment + "; or suppressed") if each.name == "mark" else each
            for each in _columns(tables.MONTHLY, *_PLACE)
        ),
        query=f"SELECT {_select(tables.MONTHLY, 'm', shown, *_PLACE)} "
        f"FROM {source} m {_series('m', 'figure')}WHERE m.month <= of.last_month",
    )


def _quarterly(table: Table, source: str, corrected: str) -> Table:
    """The indicators of quarters; where `corrected` holds the district's row is withheld."""
    also = f"(q.unit_code = of.district AND {corrected})"
    value = f"({_UNIT_HIDDEN} OR coalesce(NOT d.year_to_date_only, FALSE) OR {also})"
    to_date = f"({_UNIT_HIDDEN} OR d.indicator IS NOT NULL OR {also})"
    shown = _unless(value, "q", "value") | _unless(to_date, "q", "year_to_date")
    hidden = (
        f"({value} AND ({_ratio('q')} OR q.value IS NOT NULL)) "
        f"OR ({to_date} AND ({_ratio('q')} OR q.year_to_date IS NOT NULL))"
    )
    return replace(
        table,
        columns=(*table.columns, SUPPRESSED),
        query=f"SELECT {_select(table, 'q', shown)}, {hidden} AS suppressed "
        f"FROM {source} q {_series('q', 'indicator')}"
        "LEFT JOIN touched t ON t.indicator = q.indicator WHERE q.quarter <= of.label",
    )


def _growth(table: Table, source: str, corrected: str) -> Table:
    also = f"(q.unit_code = of.district AND {corrected})"
    hidden = (
        f"({_UNIT_HIDDEN} OR (d.indicator IS NOT NULL AND (NOT d.year_to_date_only "
        f"OR q.comparison = 'ytd_yoy')) OR {also})"
    )
    touched = "t.indicator IS NOT NULL"
    # A unit's part of the district's growth gives the district's change and base away.
    total = (
        "EXISTS (SELECT 1 FROM withheld_total w WHERE w.indicator = q.indicator "
        "AND (NOT w.year_to_date_only OR q.comparison = 'ytd_yoy'))"
    )
    shown = (
        _unless(hidden, "q", "value", "base", "change", "rate")
        | _unless(f"{hidden} OR {total} OR {corrected}", "q", "pull")
        # Whether there is a contribution tells how far units moved against the total.
        | _unless(touched, "q", "matched_value", "matched_base", "matched_rate", "contribution")
        | {
            "status": f"CASE WHEN {hidden} AND ({_ratio('q')} OR NOT (q.value IS NULL "
            "AND q.base IS NULL AND q.status IN ('value_missing', 'base_missing'))) "
            "THEN 'suppressed' ELSE q.status END"
        }
    )
    return replace(
        table,
        columns=tuple(
            each._replace(comment=each.comment + "; suppressed") if each.name == "status" else each
            for each in table.columns
        ),
        query=f"SELECT {_select(table, 'q', shown)} FROM {source} q {_series('q', 'indicator')}"
        "LEFT JOIN touched t ON t.indicator = q.indicator WHERE q.quarter <= of.label",
    )


# A released total beside the live one would tell what a withheld unit has corrected.
_CORRECTED = (
    "(t.indicator IS NOT NULL AND EXISTS (SELECT 1 FROM changed c "
    "WHERE c.release = q.release AND c.indicator = q.indicator))"
)
_PROGRESS_HIDDEN = (
    "EXISTS (SELECT 1 FROM withheld_total w WHERE w.indicator = p.indicator "
    f"AND ({_ratio('p')} OR p.value IS NOT NULL))"
)


def _plain(table: Table, where: str) -> Table:
    return replace(
        table, query=f'SELECT {table.names} FROM main."{table.name}" CROSS JOIN of WHERE {where}'
    )


def _progress(source: str) -> Table:
    shown = _unless(_PROGRESS_HIDDEN, "p", "value", "completion", "lead")
    return replace(
        tables.PROGRESS,
        columns=(*tables.PROGRESS.columns, SUPPRESSED),
        query=f"SELECT {_select(tables.PROGRESS, 'p', shown)}, {_PROGRESS_HIDDEN} AS suppressed "
        f"FROM {source} p CROSS JOIN of WHERE p.quarter <= of.label",
    )


SHARED = (
    _plain(tables.CONTRACT, "TRUE"),
    _plain(tables.REPORTING_UNITS, "TRUE"),
    _plain(tables.UNIT_SPLITS, "TRUE"),
    _plain(tables.FIGURES, "TRUE"),
    _plain(tables.INDICATORS, "TRUE"),
    _plain(tables.COVERAGE, "month <= of.last_month"),
    _monthly("main.monthly_figure"),
    _quarterly(tables.QUARTERLY, "main.quarterly_indicator", "FALSE"),
    _growth(tables.GROWTH, "main.growth", "FALSE"),
    replace(
        tables.RELEASE,
        columns=_columns(tables.RELEASE, "note"),
        query=f"SELECT {_select(tables.RELEASE, 'r', {}, 'note')} FROM main.release r CROSS JOIN of "
        "WHERE r.quarter <= of.label",
    ),
    _quarterly(tables.RELEASED_INDICATOR, "main.released_indicator", _CORRECTED),
    _growth(tables.RELEASED_GROWTH, "main.released_growth", _CORRECTED),
)
_TARGETS = (
    # A year's targets are set before it: those of its later quarters tell of no later month.
    replace(
        tables.TARGETS,
        columns=_columns(tables.TARGETS, "submission", "row"),
        query=f"SELECT {_select(tables.TARGETS, 't', {}, 'submission', 'row')} "
        "FROM main.target t CROSS JOIN of "
        "WHERE quarter <= of.year_end",
    ),
    _progress("main.progress"),
)


def shared_tables(declaration: Declaration) -> tuple[Table, ...]:
    """The shared tables that are made from the warehouse, in a fixed order."""
    public = {table.name for table in tables.public_tables(declaration)}
    return (*SHARED, *(each for each in _TARGETS if each.name in public))


def released_tables(release: str, label: str, as_of: dt.datetime) -> tuple[Table, ...]:
    """The same tables as they were released: the quarter frozen, those before it as of then.

    Coverage and months are those that were frozen; the targets that were in force are in the
    rows of progress.
    """
    then = f"TIMESTAMP {quoted(as_of.isoformat(sep=' '))}"
    own = f"release = {quoted(release)}"

    def frozen(table: Table, name: str, where: str = own) -> str:
        return f"SELECT {table.names} FROM main.{name} WHERE {where}"

    def together(table: Table, name: str) -> str:
        before = frozen(table, f"{table.name}_as_of({then})", f"quarter < {quoted(label)}")
        return f"({before} UNION ALL {frozen(table, name)})"

    return (
        _plain(tables.REPORTING_UNITS, "TRUE"),
        _plain(tables.INDICATORS, "TRUE"),
        replace(tables.RELEASE, query=frozen(tables.RELEASE, "release")),
        replace(tables.COVERAGE, query=frozen(tables.COVERAGE, "released_coverage")),
        _monthly(f"({frozen(tables.MONTHLY, 'released_figure', f'{own} AND form IS NOT NULL')})"),
        _quarterly(tables.QUARTERLY, together(tables.QUARTERLY, "released_indicator"), "FALSE"),
        _growth(tables.GROWTH, together(tables.GROWTH, "released_growth"), "FALSE"),
        _progress(f"({frozen(tables.PROGRESS, 'released_progress')})"),
    )


def form_tables(declaration: Declaration) -> tuple[Table, ...]:
    """A table a form, made from the shared monthly_figure."""
    return tuple(map(_form_table, declaration.forms))


def _form_table(form: FigureForm) -> Table:
    view = tables.form_view(form)
    names = Column("suppressed", "VARCHAR", "the figures of the row that are not shown")
    query = (
        f"SELECT v.*, m.names AS suppressed FROM ({view.query}) v LEFT JOIN (SELECT month, "
        "unit_code, string_agg(figure, ', ' ORDER BY figure) AS names FROM main.monthly_figure "
        f"WHERE mark = 'suppressed' AND form = {quoted(form.name)} GROUP BY ALL) m "
        "USING (month, unit_code)"
    )
    return replace(view, columns=(*view.columns, names), query=query)
