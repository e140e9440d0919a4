"""The public tables and views of schema `main`: columns, types, comments and keys, declared once."""

from __future__ import annotations

from flows.warehouse.tables.arrivals import (
    COVERAGE,
    DECISIONS,
    FINDINGS,
    FORM_STEPS,
    RETURNED,
    REVISIONS,
    RUNS,
    SUBMISSION_FORMS,
    SUBMISSIONS,
)
from flows.warehouse.tables.figures import (
    MONTHLY,
    TARGETS,
    figures_where,
    form_view,
    ledger_columns,
    ledger_view,
    target_versions,
)
from flows.warehouse.tables.indicators import GROWTH, PROGRESS, QUARTERLY
from flows.warehouse.tables.model import Column, Reference, Table
from flows.warehouse.tables.reference import (
    CONTRACT,
    CONTRACT_VERSION,
    FIGURES,
    INDICATORS,
    REPORTING_UNITS,
    UNIT_SPLITS,
)
from flows.warehouse.tables.releases import (
    RELEASE,
    RELEASED,
    RELEASED_GROWTH,
    RELEASED_INDICATOR,
    RELEASES,
)
from schemas.declaring.district import Declaration

__all__ = [
    "AS_OF",
    "BASE_TABLES",
    "CONTRACT",
    "CONTRACT_VERSION",
    "COVERAGE",
    "FIGURES",
    "GROWTH",
    "INDICATORS",
    "MONTHLY",
    "PROGRESS",
    "QUARTERLY",
    "RELEASE",
    "RELEASED",
    "RELEASED_GROWTH",
    "RELEASED_INDICATOR",
    "REPORTING_UNITS",
    "STOOD",
    "TARGETS",
    "UNIT_SPLITS",
    "Column",
    "Reference",
    "Table",
    "form_view",
    "ledger_columns",
    "public_tables",
    "target_versions",
]

# A time with a zone as its UTC, whatever the session's zone; others are UTC already.
_AT = "make_timestamp(epoch_us(at_time))"

STOOD = f"{{0}}.since <= {_AT} AND ({{0}}.until IS NULL OR {{0}}.until > {_AT})"
"""The condition that a row with a time, `{0}`, stood `at_time`."""


def _as_of(table: Table) -> str:
    """The view's rows as they stood at `at_time`."""
    assert table.query is not None
    return table.query.replace("v.until IS NULL", STOOD.format("v"))


AS_OF = {
    "figures_as_of": figures_where(STOOD),
    **{f"{each.name}_as_of": _as_of(each) for each in (QUARTERLY, GROWTH, TARGETS, PROGRESS)},
}
"""The table macros of a time: the rows of those views as they stood then."""

BASE_TABLES = (
    CONTRACT,
    REPORTING_UNITS,
    UNIT_SPLITS,
    FIGURES,
    INDICATORS,
    SUBMISSIONS,
    SUBMISSION_FORMS,
    FINDINGS,
    REVISIONS,
    DECISIONS,
    RETURNED,
    RUNS,
    *RELEASES,
)


def public_tables(declaration: Declaration) -> tuple[Table, ...]:
    """Every public table and view, in the order in which they can be created."""
    return (
        *BASE_TABLES,
        QUARTERLY,
        GROWTH,
        COVERAGE,
        FORM_STEPS,
        MONTHLY,
        *(form_view(form) for form in declaration.forms),
        *(ledger_view(ledger) for ledger in declaration.ledgers if not ledger.yearly),
        TARGETS,
        PROGRESS,
    )
