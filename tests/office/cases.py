"""Forms and ledgers as units may fill them in, at the bounds of what rounding excuses."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any

from flows.templating.last_rows import Item
from flows.templating.previous import Held, Previous, asked
from schemas.declaration import DECLARATION as TODAY
from schemas.declaring.balances import at_most, between, carried_forward, needs, sum_of
from schemas.declaring.district import Declaration
from schemas.declaring.lines import flow, stock
from schemas.declaring.model import Figure, FigureForm, Ledger, LedgerCount
from schemas.declaring.periods import first_day, last_day, parse_month
from schemas.declaring.versions import with_old_version
from tests.homes import TOWN
from tests.old_forms.declaration import DECLARATION as OLD
from tests.second_district.declaration import DECLARATION as LIBRARIES

D = Decimal
BUREAU, LIBRARY = "500114000", "900001"
JANUARY = parse_month("2021-01")
FORM = FigureForm(
    name="aid",
    number="01",
    form_no="QJMZ01",
    title_zh="救助月报表",
    reporters=("township",),
    due_from=("township",),
    valid_from=JANUARY,
    figures=(
        flow("0101", "food", "食品", "万元", ""),
        flow("0102", "clothes", "衣物", "万元", ""),
        flow("0103", "other", "其他“杂项”", "万元", ""),
        flow("0104", "total", "合计", "万元", ""),
        stock("0105", "fund", "结余", "万元", ""),
        stock("0106", "places", "点数", "个", ""),
        stock("0107", "stored", "库存", "万元", ""),
    ),
    rules=(
        *sum_of("B0101", "total", ("food", "clothes", "other"), "合计", "各项"),
        *at_most("B0102", "other", "food", ("其他“杂项”", "食品")),
        *at_most("B0103", "other", "food", ("其他“杂项”", "食品"), cumulative=True),
        *between("B0104", "fund", ("food", "clothes"), "结余", "两项"),
        *needs("B0105", "fund", "places", ("结余", "点数")),
    ),
    carried=(carried_forward("T0101", ("stored",), ("food",), ("clothes",), ("库存", "入", "出")),),
)


TOMBS = TODAY.by_name["living_tombs"]
assert isinstance(TOMBS, Ledger)
OVERDUE = replace(
    TODAY,
    ledgers=(
        replace(
            TOMBS,
            counts=(
                LedgerCount(
                    "late",
                    (("status", ("在册", "已拆除")), ("village", ("甲村",))),
                    figure="living_tombs_registered",
                    overdue="deadline",
                ),
                LedgerCount("tombs", (), figure="living_tombs_removed"),
            ),
        ),
    ),
    indicators=(),
)
"""Counts what is overdue, and every row."""


def declared(form: FigureForm) -> Declaration:
    return replace(TODAY, forms=(form,), ledgers=(), indicators=())


def versions(form: FigureForm) -> list[Declaration]:
    """The form with lines of other units, or absent, until January of that year or its end."""
    found = []
    for last in (JANUARY, JANUARY + 11):
        found += [
            declared(with_old_version(form, last, asked_in={"food": "元"})),
            declared(with_old_version(form, last, asked_in={"total": "元"})),
            declared(
                with_old_version(
                    form, last, asked_in=dict.fromkeys(("food", "fund", "stored"), "元")
                )
            ),
            declared(
                with_old_version(
                    form, last, asked_in=dict.fromkeys(("food", "clothes", "other", "total"), "元")
                )
            ),
            declared(with_old_version(form, last, absent=("other",))),
            declared(with_old_version(form, last, absent=("total",))),
        ]
    return found


@dataclass(frozen=True)
class Place:
    declaration: Declaration
    form: FigureForm
    unit: str
    month: int


def places() -> list[Place]:
    found = [
        Place(TODAY, form, unit, month)
        for form in TODAY.forms
        if form.rules or form.carried
        for unit in (TOWN, BUREAU)
        for month in (parse_month("2023-01"), parse_month("2023-03"))
        if TODAY.lines(form, TODAY.group(unit) or "", month).figures
    ]
    found += [
        Place(OLD, form, TOWN, parse_month(month))
        for form in OLD.forms
        if form.name in ("social_assistance", "funeral_reform")
        for month in ("2021-01", "2021-06", "2022-01", "2022-02")
    ]
    for declaration in (declared(FORM), *versions(FORM)):
        form = declaration.forms[0]
        found += [
            Place(declaration, form, TOWN, JANUARY + at) for at in (0, 1, 1, 1, 12, 12, 12, 13)
        ]
    funeral = OVERDUE.by_name["funeral_reform"]
    assert isinstance(funeral, FigureForm)
    found += [Place(OVERDUE, funeral, TOWN, parse_month(month)) for month in ("2023-01", "2023-04")]
    found += [
        Place(LIBRARIES, LIBRARIES.forms[0], LIBRARY, parse_month(month))
        for month in ("2023-03", "2023-09")
    ]
    return found


ODD = (
    *(None, "\u3000", "—", "——", "－", " — ", "一一", "不适用", "约3", "?", "*", "＃"),
    *(D(-3), D("0.005"), D("1.25"), D(10**12 - 1), D(10**12)),
)
"""What may stand in any cell beside amounts: nothing, none, no number, or a wrong one."""
Values = dict[str, tuple[Any, Any]]
"""By figure 本月数 and 本年累计 as typed: a Decimal in the unit asked, '—' or None."""


@dataclass
class Case:
    place: Place
    previous: Previous
    values: Values
    items: tuple[Item, ...] | None = None
    """Rows of a ledger that is sent beside the form."""


def amount(random: Random, figure: Figure) -> Decimal:
    """Small, so that different lines are often equal."""
    step = D(1).scaleb(-figure.places)
    if figure.asked_in != figure.unit:
        return random.choice((D(0), D(11489), D("11499.99"), D(11500), D(20000), D(9500)))
    return random.randint(0, 40 if figure.places else 6) * step


def earlier(random: Random, place: Place) -> Previous:
    """What is in force of the year so far; some of it may be missing or have been revised."""
    values: dict[tuple[int, str], Held] = {}
    held = random.random() < 0.9
    first = place.month - place.month % 12
    since: dict[str, Decimal] = {}
    months = range(
        first + place.form.months - 1 if held else place.month, place.month, place.form.months
    )
    group = place.declaration.group(place.unit) or ""
    for month in months:
        for figure in place.declaration.lines(place.form, group, month).figures:
            value = _kept(amount(random, figure), figure)
            since[figure.name] = since.get(figure.name, D(0)) + value
            if random.random() < 0.04:
                values[month, figure.name] = Held(None, None, False)
            else:
                off = random.choice((0, 0, 0, 0, D("0.1"))) if figure.places else 0
                total = since[figure.name] + off if figure.kind == "flow" else None
                values[month, figure.name] = Held(value, total, True)
    if place.month % 12 == 0:
        for figure in place.declaration.lines(place.form, group, place.month - 1).figures:
            value = _kept(amount(random, figure), figure)
            values[place.month - 1, figure.name] = Held(value, D(9), True)
    return Previous(place.month, values)


def typed(random: Random, place: Place, previous: Previous) -> Values:
    found: Values = {}
    group = place.declaration.group(place.unit) or ""
    figures = place.declaration.lines(place.form, group, place.month).figures
    for figure in figures:
        month: Any = amount(random, figure)
        step = D(1).scaleb(-figure.places)
        cumulative: Any = None
        if figure.kind == "flow":
            last = previous.year_to_date(figure.name, place.form.months)
            base = asked(figure, last if last is not None else D(0))
            assert base is not None
            slip = random.choice((0, 0, 0, 0, 1, -1, 2, 3))
            cumulative = max((base + month + slip * step).quantize(step), D(0))
        found[figure.name] = month, cumulative
    by_name = {each.name: each for each in figures}
    _balance(random, place, found, by_name)
    _carry(random, place, previous, found, by_name)
    for figure in figures:
        month, cumulative = found[figure.name]
        if random.random() < 0.02:
            blank = random.choice((None, "—"))
            month, cumulative = blank, blank
        if random.random() < 0.02:
            month = random.choice(ODD)
        if random.random() < 0.02:
            cumulative = random.choice(ODD)
        found[figure.name] = month, cumulative if figure.kind == "flow" else None
    return found


def _balance(random: Random, place: Place, found: Values, figures: dict[str, Figure]) -> None:
    """Totals near the sum of their parts, and stocks near what they should be."""
    for rule in place.form.rules:
        total = figures.get(rule.figure)
        if not rule.parts or total is None or random.random() < 0.2:
            continue
        for at in (0, 1) if total.kind == "flow" else (0,):
            parts = [(found[each][at], figures[each]) for each in rule.parts if each in figures]
            whole = sum((_kept(value, line) for value, line in parts), D(0))
            step = D(1).scaleb(-total.places)
            near = random.choice((0, 0, 0, 1, -1, 2, 3, -3, 4, 5, 12)) * step
            scale = 1 if total.asked_in == total.unit else 10_000
            near *= 1 if scale == 1 else random.choice((1, 100, 49_999, 50_000, 100_000))
            own = list(found[rule.figure])
            own[at] = max((whole * scale + near).quantize(step), D(0))
            found[rule.figure] = own[0], own[1]


def _carry(
    random: Random, place: Place, previous: Previous, found: Values, figures: dict[str, Figure]
) -> None:
    for carried in place.form.carried:
        stock = figures.get(carried.stocks[0])
        before = [previous.held(each, place.month - place.form.months) for each in carried.stocks]
        if stock is None or random.random() < 0.3:
            continue
        expected = sum((each.value or D(0) for each in before if each is not None), D(0))
        for names, sign in ((carried.plus, 1), (carried.minus, -1), (carried.stocks[1:], -1)):
            for name in names:
                expected += sign * _kept(found[name][0], figures[name])
        step = D(1).scaleb(-stock.places)
        scale = 1 if stock.asked_in == stock.unit else 10_000
        near = random.choice((0, 0, 1, -1, 2, -2, 500, 1000, 1500, 1501)) * D(scale) / 10_000
        near = near if scale > 1 else random.choice((0, 0, 1, -1, 2)) * step
        whole = max((expected * scale + near).quantize(step), D(0))
        found[stock.name] = whole, found[stock.name][1]


def _kept(value: Decimal, figure: Figure) -> Decimal:
    return value if figure.asked_in == figure.unit else value / 10_000


DAYS = (
    *(
        "2023-03-30",
        "2023.4.10",
        "2023/04/10",
        "2023年4月10日",
        "20230410",
        20230410,
        " 2023-04-10 ",
    ),
    *("下半年", "2023-13-45", "2023-04", "2023年4月", "4-10", "20231345", "—", None, 10**7, 80_000),
)
"""What may stand for a day: right ones that are no dates of a sheet, and wrong ones."""


def tombs(random: Random, month: int) -> tuple[Item, ...]:
    """Items of the ledger of tombs, wrong ones among them."""
    rows: list[Item] = []
    for number in range(random.randint(0, 6)):
        gone = random.random() < 0.5
        day = random.choice(
            (first_day(month), last_day(month), first_day(month + 1), last_day(month - 1))
        )
        rows.append(
            {
                "tomb_no": f"T{number}"
                if random.random() < 0.9
                else random.choice(("T0", " T0\u3000")),
                "village": "甲村"
                if random.random() < 0.95
                else random.choice((None, "\u3000", "—")),
                "measure": "拆除",
                "responsible": "乙",
                "deadline": random.choice((last_day(month), last_day(month) - dt.timedelta(1)))
                if random.random() < 0.9
                else random.choice(DAYS),
                "status": "已拆除" if gone else random.choice(("在册",) * 9 + ("在 册 ", "已拆")),
                "removed_on": day
                if gone != (random.random() < 0.05)
                else random.choice((None, None, "—")),
                "removed_by": random.choice(("自行", "组织", "自行 ")) if gone else None,
                "note": random.choice((None,) * 30 + ("=1+1", "?", "—")),
            }
        )
    if random.random() < 0.3:
        rows.append(
            {"tomb_no": random.choice(("无", " 无 ", None)), "note": random.choice((None, "无"))}
        )
    return tuple(rows)


def facilities(random: Random) -> tuple[Item, ...]:
    return tuple(
        {
            "name": f"F{number}",
            "kind": random.choice(
                ("互助养老点", "社工站", "爱心食堂") * 5 + ("社工 站", "食堂", "*", "—")
            ),
            "village": "甲村",
            "status": random.choice(("选址", "运行", "试运行", "停用")),
            "planned_on": None,
            "opened_on": None,
            "capacity": None,
            "in_use": random.choice((0, 2, 3, 3) * 4 + (None, "—", -1, "几")),
            "note": None,
        }
        for number in range(random.randint(0, 7))
    )


LEDGERS: dict[str, tuple[str, Callable[[Random, int], tuple[Item, ...]]]] = {
    "funeral_reform": ("living_tombs", tombs),
    "elderly_care": ("facilities", lambda random, _: facilities(random)),
}


def cases() -> list[Case]:
    random = Random(20230405)
    found = []
    for place in places():
        for _ in range(4 if place.form.name in LEDGERS else 1):
            previous = earlier(random, place)
            items = LEDGERS.get(place.form.name)
            rows = (
                items[1](random, place.month)
                if items and place.declaration in (TODAY, OVERDUE)
                else None
            )
            found.append(Case(place, previous, typed(random, place, previous), rows))
    return found


def ledger_of(case: Case) -> Ledger | None:
    name = LEDGERS.get(case.place.form.name, ("",))[0]
    ledger = case.place.declaration.by_name.get(name)
    return ledger if isinstance(ledger, Ledger) and case.items is not None else None


Failures = dict[tuple[str, str], str]
"""Sentences by rule and cell."""
