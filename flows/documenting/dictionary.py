"""The data dictionary: units, figures, ledgers, indicators, and the warehouse's tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flows.documenting.entities import mermaid
from flows.documenting.markdown import code, page, section, table
from flows.sharing.tables import NOT_SHARED, form_tables, shared_tables
from flows.warehouse.tables import AS_OF, Table, public_tables
from schemas.declaring.district import Declaration
from schemas.declaring.model import Figure, FigureForm, Form, Ledger
from schemas.declaring.periods import month_label

_EVERY = {"month": "every month", "quarter": "every quarter", "as_sent": "when it is sent"}
_INTRO = """\
What is asked of whom, what is computed from it, and where it stands in the warehouse.
A *stock* is a figure as it stands at the month's end (时点数), a *flow* one of the month
itself, with its sum since January beside it (时期数, 本年累计)."""
_TABLES = """\
Everything below is in schema `main` of `minzheng.duckdb` and carries the same comments
there. Amounts are exact decimals in the unit of their figure or indicator, whatever unit
a form asked for in its time; `figure` has a row for each version of a line, and
`indicator` one for each figure, as it is now; months and
quarters have the DATE of their first day; instants are UTC. Schema `internal` may change
without notice."""
_KEYS = """\
What identifies a row is marked `key`, and an arrow names the table and key that a column
refers to; null refers to none. The file itself declares neither, as many of these are views. Where no key is marked, nothing in a row identifies it for certain: a finding may have no
cell, and a ledger that goes on on another sheet has row numbers twice.

![The tables of the warehouse, their keys and references](schema.svg)

The same as a Mermaid diagram:"""


def data_dictionary(declaration: Declaration) -> str:
    """The page `data-dictionary.md`."""
    return page(
        f"Data dictionary: {declaration.name_zh} ({declaration.district})",
        _INTRO,
        section("## Reporting units", _units(declaration)),
        section("## Figures", map(_form, declaration.forms)),
        section("## Ledgers", map(_ledger, declaration.ledgers)),
        section("## Indicators", _indicators(declaration)),
        section(
            "## Tables and views of the warehouse",
            (
                _TABLES,
                _KEYS,
                f"```mermaid\n{mermaid(declaration)}\n```",
                *map(_table, public_tables(declaration)),
                _macros(),
            ),
        ),
        section("## Shared tables", _shared(declaration)),
    )


def _macros() -> str:
    names = ", ".join(code(f"{name}(at_time)") for name in AS_OF)
    return (
        f"### As of an instant\n\n{names}: table macros, with the rows of `monthly_figure`, "
        "`quarterly_indicator`, `growth`, `target` and `progress`, same columns, as they stood at "
        "that instant (a UTC timestamp)."
    )


def _shared(declaration: Declaration) -> Iterator[str]:
    yield (
        "What `minzheng share` writes for others than the bureau: up to a quarter, small "
        "sensitive counts suppressed. Columns are those of the warehouse but for these."
    )
    public = {each.name: each for each in public_tables(declaration)}
    yield table(
        ("table", "without", "with"),
        (
            (
                code(each.name),
                ", ".join(code(c.name) for c in public[each.name].columns if c.name not in own),
                "; ".join(
                    f"{code(c.name)} {c.type}: {c.comment}"
                    for c in each.columns
                    if c not in public[each.name].columns
                ),
            )
            for each in (*shared_tables(declaration), *form_tables(declaration))
            for own in [{column.name for column in each.columns}]
        ),
    )
    yield "Not shared:"
    ledgers = [each.table for each in declaration.ledgers if each.table in public]
    reasons = NOT_SHARED | dict.fromkeys(ledgers, "names places and carries notes")
    yield table(("table", "because it"), ((code(name), why) for name, why in reasons.items()))


def _units(declaration: Declaration) -> Iterator[str]:
    kinds = Counter(unit.kind for unit in declaration.units)
    yield (
        f"{sum(kinds[kind] for kind in declaration.group_of_kind)} units are on the register, past ones included; "
        f"`{declaration.district}` stands for the district as a whole."
    )
    yield table(
        ("group", "kind", "units"),
        ((group, kind, kinds[kind]) for kind, group in declaration.group_of_kind.items()),
    )
    yield table(
        ("code", "name", "first day", "last day", "went into"),
        (
            (unit.code, unit.name, unit.valid_from, unit.valid_to, unit.successor)
            for unit in declaration.units
            if unit.valid_from or unit.valid_to or unit.successor
        ),
    )
    yield table(
        ("split on", "unit", "into"),
        ((each.on, each.source, ", ".join(each.into)) for each in declaration.splits),
    )


def _asked(form: Form) -> str:
    until = "" if form.valid_to is None else f" to {month_label(form.valid_to)}"
    due = ", ".join(form.due_from) or "nobody"
    return (
        f"`{form.name}`, {_EVERY[form.frequency]} from {month_label(form.valid_from)}{until}; "
        f"sent by {', '.join(form.reporters)}, due from {due}."
    )


def _form(form: FigureForm) -> str:
    lines = table(
        ("code", "figure", "名称", "unit", "kind", "reporter", "definition", "valid from"),
        (
            (
                each.code,
                code(each.name),
                each.name_zh,
                each.unit,
                each.kind,
                each.reporter,
                _definition(each),
                month_label(max(form.valid_from, each.valid_from or 0)),
            )
            for each in form.figures
        ),
    )
    return section(f"### {form.form_no} {form.title_zh}", (_asked(form), lines))


def _definition(figure: Figure) -> str:
    extras = []
    if figure.aliases:
        extras.append(f"also called {'、'.join(figure.aliases)}")
    if figure.asked_in != figure.unit:
        extras.append(f"asked in {figure.asked_in}")
    if figure.valid_to is not None:
        extras.append(f"asked until {month_label(figure.valid_to)}")
    if figure.redefined:
        extras.append(f"redefined from {', '.join(map(month_label, figure.redefined))}")
    if figure.cumulative_only:
        extras.append("only 本年累计 is asked")
    if figure.sensitive:
        extras.append("sensitive: small counts are suppressed in what is shared")
    if figure.tells_of:
        extras.append(
            f"tells of {', '.join(figure.tells_of)}: withheld with them in what is shared"
        )
    return "; ".join((figure.definition, *extras))


def _ledger(ledger: Ledger) -> str:
    note = " Each file replaces the rows of its whole year." if ledger.yearly else ""
    columns = table(
        ("column", "名称", "type", "required", "choices", "definition"),
        (
            (
                code(each.name),
                each.name_zh,
                each.type,
                "yes" if each.required else "",
                "、".join(each.values),
                each.definition
                + ("; never kept outside the archived file" if each.personal else ""),
            )
            for each in ledger.columns
        ),
    )
    return section(f"### {ledger.form_no} {ledger.title_zh}", (_asked(ledger) + note, columns))


def _indicators(declaration: Declaration) -> Iterator[str]:
    yield (
        "Every figure is an indicator of its own name. Those below are computed from figures, "
        "from numbers counted in ledgers and in coverage, and from one another; "
        "`ytd()` is the sum since January. A district's ratio is the ratio of its sums."
    )
    yield table(
        ("indicator", "名称", "unit", "kind", "formula", "definition"),
        (
            (code(each.name), each.name_zh, each.unit, each.kind, code(each.formula), each.definition)
            for each in declaration.indicators
        ),
    )  # fmt: skip


def _table(each: Table) -> str:
    columns = table(
        ("column", "type", "key, → refers to", "comment"),
        (
            (code(column.name), column.type, _relations(each, column.name), column.comment)
            for column in each.columns
        ),
    )
    kind = "Table" if each.query is None else "View"
    return section(f"### `{each.name}`", (f"{kind}. {each.comment}", columns))


def _relations(of: Table, column: str) -> str:
    """Whether the column is of the key, and what it refers to, alone or together with others."""
    meant = [
        f"→ `{to.table}.{other}`"
        for to in of.refers
        for name, other in zip(to.columns, to.key, strict=True)
        if name == column
    ]
    return ", ".join(["key"] * (column in of.key) + meant)
