"""Versions of a form by month: an old one laid over it, and what may not stand in them.

A figure keeps its name, its kind and the unit of its values through all versions; its
code, its Chinese name, its decimals and the unit that the form asks in may differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from schemas.declaring import periods

if TYPE_CHECKING:
    from schemas.declaring.model import Figure, FigureForm
    from schemas.declaring.rules import FrameRule

YUAN, TEN_THOUSAND_YUAN = "元", "万元"
DIVISOR = 10_000
"""What an amount asked in 元 is divided by where its figure is kept in 万元."""
DIVIDED_PLACES = 4
TEN_THOUSAND_YUAN_PLACES = 1
YUAN_PLACES = 2
"""With no more decimals than these an amount in 元 is exact in millionths of 万元."""


def latest(figures: Iterable[Figure]) -> dict[str, Figure]:
    """The version with the last months of each figure, in the order in which names come."""
    found: dict[str, Figure] = {}
    for each in figures:
        other = found.get(each.name)
        if other is None or (each.valid_from or 0) >= (other.valid_from or 0):
            found[each.name] = each
    return found


def check(form: FigureForm) -> None:
    """ValueError that names every mistake in the lines and rules of a form and their versions."""
    _refuse(form, [*_alone(form.figures), *_together(form.figures), *_of_one_code(form.rules)])


def _refuse(form: FigureForm, faults: Collection[str]) -> None:
    if faults:
        raise ValueError(f"the form {form.name}: {'; '.join(faults)}")


def _alone(figures: Iterable[Figure]) -> Iterator[str]:
    for each in figures:
        if each.valid_to is not None and each.valid_to < (each.valid_from or 0):
            yield f"{each.name} is asked until a month before it begins"
        if each.asked_in == each.unit:
            continue
        if (each.asked_in, each.unit) != (YUAN, TEN_THOUSAND_YUAN):
            yield (
                f"{each.name} is asked in {each.asked_in} and kept in {each.unit}, "
                f"which is not possible; only {YUAN} can be kept in {TEN_THOUSAND_YUAN}"
            )
        elif each.places > YUAN_PLACES:
            yield f"{each.name} is asked in {YUAN} with more than {YUAN_PLACES} decimals"


def _together(figures: Iterable[Figure]) -> Iterator[str]:
    for one, other in combinations(figures, 2):
        months = _common(one, other)
        if one.name == other.name:
            if months:
                yield f"{one.name} is declared twice for {months}"
            for what in ("kind", "unit", "cumulative_only", "sensitive", "tells_of"):
                values = getattr(one, what), getattr(other, what)
                if values[0] != values[1]:
                    yield (
                        f"the versions of {one.name} differ in {what} "
                        f"({values[0]} and {values[1]}); another {what} is another figure"
                    )
        elif months and one.reporter == other.reporter:
            if one.code == other.code:
                yield f"{one.name} and {other.name} both have the code {one.code} for {months}"
            if any(one.names & other.names):
                names = "、".join(sorted(one.names & other.names))
                yield f"{one.name} and {other.name} are both called {names} for {months}"


def _of_one_code(rules: Iterable[FrameRule]) -> Iterator[str]:
    by_code: dict[str, list[FrameRule]] = {}
    for each in rules:
        by_code.setdefault(each.rule.code, []).append(each)
    for code, same in by_code.items():
        for one, other in combinations(same, 2):
            months = _common(one, other)
            if months:
                yield f"two rules have the code {code} for {months}"


def _common(one: Figure | FrameRule, other: Figure | FrameRule) -> str:
    """The months for which both hold, in words; '' where there are none."""
    first = max(one.valid_from or 0, other.valid_from or 0)
    ends = [each.valid_to for each in (one, other) if each.valid_to is not None]
    if ends and min(ends) < first:
        return ""
    return _span(first, min(ends) if ends else None)


def _span(first: int, last: int | None) -> str:
    start = periods.month_label(first) if first else "the beginning"
    return f"{start} to {'now' if last is None else periods.month_label(last)}"


def with_old_version(
    form: FigureForm,
    last: int,
    *,
    first: int | None = None,
    codes: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    definitions: Mapping[str, str] | None = None,
    definitions_zh: Mapping[str, str] | None = None,
    asked_in: Mapping[str, str] | None = None,
    places: Mapping[str, int] | None = None,
    absent: Collection[str] = (),
    ended: tuple[Figure, ...] = (),
    rules: tuple[FrameRule, ...] = (),
    without: Collection[str] = (),
) -> FigureForm:
    """The form with the version that was in force from `first` to `last`.

    The months are numbers of `periods`; without `first` it is the form's own first one, and
    where it is earlier, the form begins with it. The rest says how the old version differs
    from the one of the month after `last`, by the figures' names: their codes, Chinese
    names, definitions (which marks the line as redefined after `last`), these in Chinese
    (which does not), the unit asked for and the decimals in it (where nothing is said of
    them, another unit has 2 in 元 and 1 in 万元). `absent` are figures that were not asked,
    `ended` lines that were asked only then. `rules` hold for the old version only; `without`
    are the codes of rules that do not hold for it, so that one of `rules` may have the code of
    one of them. Applied to its own result, with an earlier `last`, it adds a version before
    the old one. ValueError names all that is mistaken in it.
    """
    start = form.valid_from if first is None else first
    changes = _changes(
        form.latest,
        {
            "code": codes,
            "name_zh": names,
            "definition": definitions,
            "definition_zh": definitions_zh,
            "asked_in": asked_in,
            "places": places,
        },
    )
    _refuse(form, [*_mistaken(form, start, last, changes, absent, ended, without)])
    figures: list[Figure] = []
    for each in form.figures:
        if each.asked(last + 1) and (each.name in changes or each.name in absent):
            figures += _parts(form, each, start, last, changes.get(each.name))
        elif (
            each.valid_from in (form.valid_from, last + 1)
            and each.asked(last + 1)
            and start < form.valid_from
        ):
            # It began with the form, or with the versions before it; this line did not change.
            figures.append(replace(each, valid_from=start))
        else:
            figures.append(each)
    figures += [replace(each, valid_from=start, valid_to=last) for each in ended]
    others: list[FrameRule] = []
    for rule in form.rules:
        others += _around(form, rule, start, last) if rule.rule.code in without else (rule,)
    return replace(
        form,
        valid_from=min(start, form.valid_from),
        figures=tuple(figures),
        rules=(*others, *(replace(each, valid_from=start, valid_to=last) for each in rules)),
    )


_Change = dict[str, object]


def _changes(
    now: Mapping[str, Figure], given: Mapping[str, Mapping[str, object] | None]
) -> dict[str, _Change]:
    """By figure, what the old version has in place of what its fields are now."""
    found: dict[str, _Change] = {}
    for field, by_name in given.items():
        for name, value in (by_name or {}).items():
            found.setdefault(name, {})[field] = value
    for name, change in found.items():
        unit = change.get("asked_in")
        if unit == YUAN:
            change.setdefault("places", YUAN_PLACES)
        elif unit == TEN_THOUSAND_YUAN and name in now and now[name].asked_in != unit:
            change.setdefault("places", TEN_THOUSAND_YUAN_PLACES)
    return found


def _around(form: FigureForm, rule: FrameRule, start: int, last: int) -> Iterator[FrameRule]:
    """The rule for its months before and after an old version that it does not hold for."""
    if max(form.valid_from, rule.valid_from or 0) < start:
        ends = start - 1 if rule.valid_to is None else min(start - 1, rule.valid_to)
        yield replace(rule, valid_to=ends)
    if rule.valid_to is None or rule.valid_to > last:
        yield replace(rule, valid_from=max(last + 1, rule.valid_from or 0))


def _mistaken(
    form: FigureForm,
    start: int,
    last: int,
    changes: Mapping[str, _Change],
    absent: Collection[str],
    ended: Iterable[Figure],
    without: Iterable[str],
) -> Iterator[str]:
    now = {each.name for each in form.figures if each.asked(last + 1)}
    rules = {each.rule.code for each in form.rules}
    if last < start:
        yield f"its old version lasts from {_span(start, last)}"
    for name in dict.fromkeys((*changes, *absent)):
        if name not in now:
            yield f"{name} is no line of it after {periods.month_label(last)}"
        if name in changes and name in absent:
            yield f"{name} is both absent from its old version and changed in it"
    for each in ended:
        if each.name in now:
            yield f"{each.name} is among the lines that ended, and asked after them as well"
    for code in without:
        if code not in rules:
            yield f"{code} is none of its rules"


def _parts(
    form: FigureForm, figure: Figure, start: int, last: int, change: _Change | None
) -> Iterator[Figure]:
    """A line before, within and after the months of an old version that differs from it."""
    begins = max(form.valid_from, figure.valid_from or 0)
    redefined = change is not None and "definition" in change
    if begins < start:
        yield replace(figure, valid_to=start - 1)
    if change is not None:
        # A line that began with the form was on the versions before it as well.
        within = max(begins, start) if form.valid_from < begins <= last else start
        again = (start,) if redefined and begins < start else ()
        old: dict[str, object] = {**change, "redefined": again}
        yield replace(figure, valid_from=within, valid_to=last, **old)  # type: ignore[arg-type]  # fields of Figure
    after = (*figure.redefined, last + 1) if redefined else figure.redefined
    yield replace(figure, valid_from=last + 1, redefined=after)
