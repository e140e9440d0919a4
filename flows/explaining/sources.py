"""The lowest nodes: cells, rows of ledgers, forms due, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from flows.explaining.facts import Fact
from flows.explaining.filed import DueForm, File, Filed
from flows.explaining.quarters import Piece, Use
from flows.explaining.rules import Figure, Rules
from flows.explaining.states import State
from flows.explaining.tree import Node, add, sum_of
from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import LedgerCount


class Sources:
    """Nodes for the pieces of figures; what they need is asked for in `prepare`, all at once."""

    def __init__(self, declaration: Declaration, rules: Rules, filed: Filed, state: State) -> None:
        self.declaration = declaration
        self.rules = rules
        self.filed = filed
        self.state = state
        self._rows: dict[int, list[dict[str, Any]]] = {}

    def prepare(self, pieces: Iterable[Piece]) -> None:
        """Have files and ledger rows of those pieces at hand."""
        facts = [use.fact for piece in pieces for use in piece.uses]
        self.filed.files(fact.submission for fact in facts if fact.submission is not None)
        readings: dict[str, set[int]] = defaultdict(set)
        for fact in facts:
            if (
                fact.mark == "counted"
                and fact.reading is not None
                and fact.reading not in self._rows
            ):
                readings[fact.figure].add(fact.reading)
        for ledger in self.declaration.ledgers:
            wanted = {r for count in ledger.counts for r in readings.get(count.name, ())}
            if wanted:
                columns = [column.name for column in ledger.kept]
                self._rows |= self.filed.ledger_rows(ledger.table, columns, sorted(wanted))

    def month(self, figure: Figure, piece: Piece) -> Node:
        """A month of one source, down to its cells, rows or forms."""
        label = periods.month_label(piece.month)
        if piece.to_date:
            label = f"January to {label}"
        if piece.amount is None:
            return self._missing(figure, piece, label)
        node = Node("month", label, unit="")
        if figure.counts_forms and self.state.at is not None:
            # The forms due are kept as they stand now; what they were then is a number.
            about = {"mark": piece.uses[0].fact.mark}
            frozen = Node("frozen", "forms due, counted then", piece.amount, about=about)
            node.children, node.value = [frozen], piece.amount
        elif figure.counts_forms:
            node.children = self._forms(figure, piece)
            node.value = Fraction(sum(bool(child.about["counts"]) for child in node.children))
        elif piece.uses[0].fact.mark == "counted":
            node.children = [self._counted(piece.uses[0].fact)]
            node.value = node.children[0].value
        else:
            node.children = [self._cell(use) for use in piece.uses]
            node.value = add(node.children)
            node.how = sum_of(child.value for child in node.children)
        if figure.counts_forms or piece.uses[0].fact.mark == "counted":
            node.compare(piece.uses[0].fact.value)
        return node

    def _file(self, submission: str | None) -> dict[str, Any]:
        if submission is None:
            return {}
        file: File = self.filed.files((submission,))[submission]
        return file._asdict()

    def _cell(self, use: Use) -> Node:
        fact = use.fact
        cell = fact.cumulative_cell if use.cumulative else fact.cell
        about = self._file(fact.submission) | {
            "sheet": fact.sheet,
            "cell": cell,
            "column": "year_to_date" if use.cumulative else "value",
            "mark": fact.mark,
        }
        if fact.mark == "history":
            last, months = fact.dated_month or fact.month, fact.dated_months or 1
            about |= {
                "source": fact.source,
                "dated": periods.month_label(last)
                if months == 1
                else periods.quarter_label(last // 3),
            }
        place = f"{fact.sheet}!{cell}" if fact.sheet else cell or "its cell is no longer known"
        return Node("cell", place, use.amount, about=about)

    def _counted(self, fact: Fact) -> Node:
        """The rows of a ledger that a count counts."""
        ledger, count = self.declaration.counts[fact.figure]
        rows = self._rows.get(fact.reading or -1, [])
        counted = [row for row in rows if count.takes_in(row, fact.month, fact.month)]
        places: dict[str, list[int]] = defaultdict(list)
        for row in counted:
            places[row["sheet"]].append(row["row"])
        label = "; ".join(
            f"{sheet} rows {', '.join(map(str, numbers))}" for sheet, numbers in places.items()
        )
        return Node(
            "rows",
            label or f"no row of {ledger.title_zh}",
            Fraction(sum(1 if count.adds is None else row[count.adds] or 0 for row in counted)),
            how=_condition(count),
            about=self._file(fact.submission)
            | {
                "ledger": ledger.name,
                "rows": [{"sheet": row["sheet"], "row": row["row"]} for row in counted],
                "rows_in_all": len(rows),
            },
        )

    def _forms(self, figure: Figure, piece: Piece) -> list[Node]:
        due = self.filed.due(piece.month // 12).get((piece.source, piece.month), [])
        self.filed.files(form.submission for form in due if form.submission is not None)
        return [self._form(figure, form) for form in due if form.state is not None]

    def _form(self, figure: Figure, form: DueForm) -> Node:
        counts = figure.name == "forms_due" or form.state == "on_time"
        about = self._file(form.submission) | {
            "form": form.form,
            "due_on": form.due_on,
            "received_at": form.received_at,
            "state": form.state,
            "counts": counts,
        }
        return Node("form", self._title(form.form), Fraction(int(counts)), about=about)

    def _title(self, form: str) -> str:
        known = self.declaration.by_name.get(form)
        return form if known is None else known.title_zh

    def _missing(self, figure: Figure, piece: Piece, label: str) -> Node:
        if not piece.expected:
            (use, *_) = piece.uses
            cell = self._cell(use)
            cell.about["why"] = "not_applicable"
            return Node("missing", label, about=cell.about, how=f"not applicable ({cell.label})")
        about: dict[str, Any]
        unit = self.rules.register.units.get(piece.source)
        forms = {
            line.form
            for line in figure.lines
            if unit is not None and line.group == unit.group and line.owed(piece.month)
        }
        if self.state.at is not None:
            about = {"why": "not_in_force", "forms": sorted(forms)}
            return Node("missing", label, about=about, how="no value was in force then")
        due = self.filed.due(piece.month // 12).get((piece.source, piece.month), [])
        why, words, held = "not_due", "not past due yet, and nothing came", None
        for form in due:
            if form.form in forms:
                why, words, held = _reason(form)
        if piece.uses and why == "in_force":
            why, words = "no_difference", "本年累计 without that of the period before it"
        about = {"why": why, "forms": sorted(forms)}
        if held:
            about |= self._file(held)
            words += f" ({held})"
        return Node("missing", label, about=about, how=words)


def _reason(form: DueForm) -> tuple[str, str, str | None]:
    """Why a form gives no value: a code, the words, and the submission that is held."""
    if form.state == "missing":
        return "missing", "missing: nothing came", None
    held = [submission for submission, state in form.versions if state == "held"]
    if form.state == "held":
        withdrawn = [submission for submission, state in form.versions if state == "withdrawn"]
        if held:
            return "held", "held", held[-1]
        return "withdrawn", "withdrawn", withdrawn[-1] if withdrawn else None
    if form.state is None:
        return "not_due", "not past due yet, and nothing came", None
    return "in_force", "the form in force has no value there", None


def _condition(count: LedgerCount) -> str:
    """What a count counts, in words."""
    parts = [f"{name} is {' or '.join(values)}" for name, values in count.where]
    if count.dated is not None:
        parts.append(f"{count.dated} in the month")
    if count.overdue is not None:
        parts.append(f"{count.overdue} before the month's end")
    what = "rows" if count.adds is None else f"the sum of {count.adds} over rows"
    return what + (f" where {' and '.join(parts)}" if parts else ", all of them")
