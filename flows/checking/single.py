"""What can be seen in a file alone: one pandera validation a form over all its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pandera.pandas as pa

from flows.checking.batch import SHEET_ROW, Amounts, Batch, Bools, Finding, Ints
from flows.checking.months import month_columns
from flows.reading.results import Line
from flows.reading.values import read_text
from schemas.declaring import general
from schemas.declaring.frames import (
    ROW,
    form_schema,
    ledger_schema,
)
from schemas.declaring.model import FigureForm, Ledger
from schemas.declaring.rules import CONVERTED, MICRO, YTD, FrameRule, amount
from schemas.declaring.versions import DIVISOR, YUAN


def check_singly(batch: Batch) -> None:
    """Add the findings of every form's schema; mark doubtful cells and unverifiable rules."""
    for found in batch.findings:
        _mark(batch, found)
    declaration = batch.layout.declaration
    for form in declaration.forms:
        rows = np.flatnonzero(batch.present[:, batch.layout.form_column[form.name]])
        if rows.size:
            for finding in _figure_findings(batch, form, rows):
                batch.findings.append(finding)
                _mark(batch, finding)
    for ledger in declaration.ledgers:
        batch.findings.extend(_ledger_findings(batch, ledger))


def _mark(batch: Batch, finding: Finding) -> None:
    if finding.level != "error" or finding.figure is None:
        return
    column = batch.layout.column[finding.figure]
    if is_cumulative(batch, finding):
        batch.doubtful_cumulative[finding.at, column] = True
    else:
        batch.doubtful[finding.at, column] = True


def line_of(batch: Batch, finding: Finding) -> Line | None:
    """The line of the finding's figure on the form that it is of."""
    sheet = batch.sheets[finding.at].get(finding.form or "")
    return None if sheet is None or finding.figure is None else sheet.line(finding.figure)


def is_cumulative(batch: Batch, finding: Finding) -> bool:
    """Whether the finding stands on a 本年累计."""
    line = line_of(batch, finding)
    return (
        line is not None and finding.cell is not None and finding.cell == line.place.cumulative_cell
    )


def _nullable(amounts: Amounts, rows: Ints, column: int) -> pd.api.extensions.ExtensionArray:
    return pd.arrays.IntegerArray(
        amounts.micro[rows, column], ~amounts.known[rows, column], copy=False
    )


def form_frame(batch: Batch, form: FigureForm, rows: Ints) -> pd.DataFrame:
    """The form's frame over those returns, as `form_schema` asks."""
    months = np.array([batch.month(int(at)) for at in rows], np.int64)
    columns = month_columns(batch.layout.declaration, form, months)
    for at in batch.layout.of_form[form.name]:
        figure = batch.layout.figures[at]
        columns[figure.name] = _nullable(batch.value, rows, at)
        columns[figure.name + CONVERTED] = batch.converted[rows, at]
        if figure.kind == "flow":
            columns[figure.name + YTD] = _nullable(batch.year_to_date, rows, at)
    return pd.DataFrame(columns, index=rows)


def _failures(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> pd.DataFrame | None:
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases: pd.DataFrame = errors.failure_cases
        return cases
    return None


def _figure_findings(batch: Batch, form: FigureForm, rows: Ints) -> Iterator[Finding]:
    frame = form_frame(batch, form, rows)
    column = batch.layout.form_column[form.name]
    for rule in form.rules:
        unknown = rule.passes(frame).isna().to_numpy(np.bool_)
        applies = rule.applies(frame)
        if applies is not None:
            unknown = unknown & applies.to_numpy(np.bool_)
        np.add.at(batch.unverifiable[:, column], rows[unknown], 1)
    cases = _failures(form_schema(form), frame)
    if cases is None:
        return
    doubtful: set[tuple[int, str]] = set()
    own = cases[cases["schema_context"] == "Column"]
    for name, code, at in zip(own["column"], own["check"], own["index"], strict=True):
        finding = _value_finding(batch, form, int(at), str(name), str(code))
        if finding is not None:
            doubtful.add((int(at), str(name)))
            yield finding
    across = cases[cases["schema_context"] == "DataFrameSchema"]
    # By their places: versions of a rule may have one code.
    for number, index in across.groupby("check_number", sort=False)["index"]:
        rule = form.rules[int(str(number))]
        at_rows = np.unique(index.to_numpy(np.int64))
        yield from _rule_findings(batch, form, rule, frame.loc[at_rows], doubtful)


def _value_finding(batch: Batch, form: FigureForm, at: int, name: str, code: str) -> Finding | None:
    cumulative = name.endswith(YTD)
    figure = batch.layout.declaration.version(name.removesuffix(YTD), batch.month(at))
    column = batch.layout.column[figure.name]
    amounts = batch.year_to_date if cumulative else batch.value
    micro = int(amounts.micro[at, column])
    if code == general.DECIMALS.code and (
        # Those in 元 were judged as written, by the reader.
        batch.converted[at, column] or not micro % (MICRO // 10**figure.places)
    ):
        return None
    rule = general.NEGATIVE if code == general.NEGATIVE.code else general.DECIMALS
    message = rule.say(
        name=figure.name_zh,
        column="本年累计" if cumulative else "本月数",
        value=in_words(batch, at, figure.name, micro),
        unit=figure.asked_in,
        places=f"最多{figure.places}位小数" if figure.places else "应为整数",
    )
    return on_figure(batch, at, form.name, rule.code, rule.level, figure.name, message, cumulative)


def on_figure(
    batch: Batch,
    at: int,
    form: str,
    code: str,
    level: str,
    figure: str,
    message: str,
    cumulative: bool = False,
) -> Finding:
    """A finding on a figure's own cell; a reason in 说明 settles a query."""
    sheet = batch.sheets[at][form]
    line = sheet.line(figure)
    if line is None:
        return Finding(at, form, code, level, sheet.sheet, sheet.head_cell, figure, None, message)
    amounts = batch.year_to_date if cumulative else batch.value
    column = batch.layout.column[figure]
    micro = int(amounts.micro[at, column]) * (DIVISOR if batch.converted[at, column] else 1)
    value = amount(micro) if amounts.known[at, column] else None
    place = line.place
    cell = place.cumulative_cell if cumulative else place.cell
    reason = line.reason if level == "query" and is_reason(line.reason) else None
    return Finding(at, form, code, level, place.sheet, cell, figure, value, message, reason)


def in_words(batch: Batch, at: int, figure: str, micro: int) -> str:
    """Millionths of the figure's unit as its line in that return says them.

    Where its cell is written in 元, so is every amount beside it, with the unit.
    """
    if batch.converted[at, batch.layout.column[figure]]:
        return amount(micro * DIVISOR) + YUAN
    return amount(micro)


_STOCK = re.compile("|".join(sorted(general.STOCK_WORDS, key=len, reverse=True)))
_PUNCTUATION = str.maketrans("", "", " ，。；、：！？,.;:!?（）()~～-—“”\"'")


def is_reason(text: str) -> bool:
    """Whether 说明 gives a reason: more than 核实无误, 无误, 属实 and the like."""
    said = text.lower().translate(_PUNCTUATION)
    for word in ("核减", "核增"):  # these say what was done
        said = said.replace(word, word[1:] * 2)
    return len(_STOCK.sub("", said)) >= 2


def _rule_findings(
    batch: Batch,
    form: FigureForm,
    rule: FrameRule,
    frame: pd.DataFrame,
    doubtful: set[tuple[int, str]],
) -> Iterator[Finding]:
    blanks = rule.blanks(frame)
    for number, at in enumerate(frame.index):
        if any((at, name) in doubtful for name in rule.inputs):
            continue
        words = _blanks(batch, rule, int(at), {k: int(v.iloc[number]) for k, v in blanks.items()})
        yield on_figure(
            batch,
            int(at),
            form.name,
            rule.rule.code,
            rule.rule.level,
            rule.figure,
            rule.rule.say(**words),
            rule.cumulative,
        )


def _blanks(batch: Batch, rule: FrameRule, at: int, blanks: dict[str, int]) -> dict[str, str]:
    """A rule's amounts in words, with their unit where its lines are not all in one."""
    words = {name: in_words(batch, at, rule.figure, micro) for name, micro in blanks.items()}
    columns = [batch.layout.column[each.removesuffix(YTD)] for each in rule.inputs]
    own = batch.layout.column[rule.figure]
    if batch.converted[at, columns].any() and not batch.converted[at, own]:
        unit = batch.layout.figures[own].unit
        words = {name: word + unit for name, word in words.items()}
    return words


def _ledger_findings(batch: Batch, ledger: Ledger) -> Iterator[Finding]:
    frame = batch.ledgers[ledger.name]
    if frame.empty:
        return
    cases = _failures(ledger_schema(ledger), frame)
    if cases is None:
        return
    columns = {column.name: column for column in ledger.columns}
    seen: set[tuple[int, str]] = set()
    returns = frame[ROW].to_numpy(np.int64)
    # A cell that the reader has an error on is not blank or wrong once more.
    wrong = {
        (each.at, each.sheet, each.cell)
        for each in batch.findings
        if each.form == ledger.name and each.level == "error"
    }
    for context, name, check, index in zip(
        cases["schema_context"], cases["column"], cases["check"], cases["index"], strict=True
    ):
        code, _, rest = str(check).partition(":")
        target, _, status = rest.partition(":")
        target = target if context == "DataFrameSchema" else str(name)
        number = int(index)
        if (number, code + target) in seen:
            continue
        seen.add((number, code + target))
        at, place = int(str(frame.at[number, ROW])), int(str(frame.at[number, SHEET_ROW]))
        item = number - int(returns.searchsorted(at))
        sheet, cell = batch.sheets[at][ledger.name].item_place(item, target)
        if (at, sheet, cell) in wrong:
            continue
        rule = _LEDGER_RULES[code]
        text = read_text(frame.at[number, target])
        blanks = {
            "row": place,
            "column": columns[target].name_zh,
            "text": text,
            "choices": "、".join(columns[target].values),
            "status": status,
        }
        yield Finding(
            at, ledger.name, rule.code, rule.level, sheet, cell, None, text or None,
            rule.say(**blanks),
        )  # fmt: skip


_LEDGER_RULES = {
    rule.code: rule
    for rule in (
        general.LEDGER_BLANK,
        general.LEDGER_CHOICE,
        general.LEDGER_TWICE,
        general.STATUS_WITHOUT_DATE,
        general.DATE_WITHOUT_STATUS,
    )
}


def errors_by_form(batch: Batch) -> Bools:
    """Returns × forms with an error so far."""
    found = np.zeros_like(batch.present)
    for finding in batch.findings:
        if finding.level == "error" and finding.form is not None:
            found[finding.at, batch.layout.form_column[finding.form]] = True
    return found
