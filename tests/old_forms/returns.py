"""What two townships report of 2021 and 2022, and the workbooks they write it in."""

import io
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import openpyxl

from schemas.declaring.model import Figure
from schemas.declaring.periods import first_day, month_zh, parse_month
from tests.homes import OTHER_TOWN, TOWN, Place
from tests.old_forms.declaration import DECLARATION, LAST

D = Decimal
START, END = parse_month("2021-01"), parse_month("2022-03")
UNITS = (TOWN, OTHER_TOWN)
FORMS = ("social_assistance", "funeral_reform")
FUNDS = (
    "urban_dibao_funds",
    "rural_dibao_funds",
    "destitute_support_funds",
    "temporary_aid_funds",
    "child_support_funds",
    "disabled_allowance_funds",
    "other_relief_funds",
)
YUAN = D(10_000)


class Amount(NamedTuple):
    """A figure's month and its year to date, in the figure's unit."""

    value: Decimal
    year_to_date: Decimal


def aid_in_yuan(unit: str, month: int) -> Decimal:
    """Temporary aid of a month of 2021: whole 元 in the one township, fen in the other."""
    later = month - START
    return D(10_000 + 137 * later) if unit == TOWN else D("8123.45") + D("211.37") * later


def _month(unit: str, month: int) -> dict[str, Decimal]:
    later, size = month - START, 1 if unit == TOWN else 2
    found = {
        "urban_dibao_households": D(40 * size),
        "urban_dibao_recipients": D(60 * size + later),
        "rural_dibao_households": D(150 * size),
        "rural_dibao_recipients": D(300 * size),
        "urban_destitute_recipients": D(5),
        "rural_destitute_recipients": D(20 * size),
        "orphans": D(2),
        "de_facto_unsupported_children": D(3),
        "disabled_living_allowance_recipients": D(80 * size),
        "disabled_nursing_allowance_recipients": D(60 * size),
        "assisted_people": D(400 * size),
        "dibao_additions": D(3),
        "dibao_exits": D(2),
        "temporary_aid_cases": D(6 + later % 3),
        "monitored_low_income_people": D(90),
        "monitored_people_helped": D(80),
        "urban_dibao_funds": D("3.0") * size + D("0.1") * (later % 4),
        "rural_dibao_funds": D("9.5") * size,
        "destitute_support_funds": D("2.1"),
        "temporary_aid_funds": D("1.2") + D("0.1") * (later % 3),
        "child_support_funds": D("0.4"),
        "disabled_allowance_funds": D("1.4"),
        "other_relief_funds": D("0.3"),
        "living_tombs_registered": D(100 * size - later),
        "living_tombs_found": D(2),
        "living_tombs_removed": D(3),
        "living_tombs_self_removed": D(1),
        "burial_sites_planned": D(4),
    }
    if month <= LAST:
        found["temporary_aid_funds"] = aid_in_yuan(unit, month) / YUAN
        del found["other_relief_funds"], found["living_tombs_self_removed"]
    total = sum((found[name] for name in FUNDS if name in found), D(0))
    return found | {"relief_funds": total.quantize(D("0.1"), ROUND_HALF_UP)}


def amounts(unit: str, month: int) -> dict[str, Amount]:
    """What the unit truly reports for the month."""
    year = [_month(unit, each) for each in range(month - month % 12, month + 1)]
    return {
        name: Amount(value, sum((each[name] for each in year), D(0)))
        for name, value in year[-1].items()
    }


def cells(figure: Figure, given: dict[str, Amount]) -> tuple[Decimal, Decimal | None]:
    """本月数 and 本年累计 as they stand on the form, in the unit that it asks."""
    scale = 1 if figure.asked_in == figure.unit else YUAN
    value, year_to_date = given.get(figure.name, Amount(D(0), D(0)))
    return value * scale, year_to_date * scale if figure.kind == "flow" else None


Line = tuple[str, str, str, Decimal | str, Decimal | str | None]
"""Code, name, unit of measure, 本月数 and 本年累计."""


def lines(unit: str, month: int, form: str, as_of: int | None = None) -> dict[str, Line]:
    """The form's lines filled in, by figure; `as_of` takes the form of another month."""
    given = amounts(unit, month)
    asked = next(each for each in DECLARATION.forms if each.name == form)
    return {
        each.name: (each.code, each.name_zh, each.asked_in, *cells(each, given))
        for each in sorted(
            asked.lines("township", month if as_of is None else as_of), key=lambda one: one.code
        )
    }


def workbook(unit: str, month: int, forms: dict[str, dict[str, Line]]) -> bytes:
    """A workbook as an office would make it, a sheet a form."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    name = DECLARATION.unit_by_code[unit].name
    for form, filled in forms.items():
        title = DECLARATION.by_name[form].title_zh
        sheet = book.create_sheet(title)
        sheet.append([title])
        sheet.append([f"填报单位：{name}　报告期：{month_zh(month)}"])
        sheet.append(["代码", "指标名称", "计量单位", "本月数", "本年累计", "说明"])
        for line in filled.values():
            sheet.append([float(each) if isinstance(each, Decimal) else each for each in line])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def right(unit: str, month: int, as_of: int | None = None) -> dict[str, dict[str, Line]]:
    """Both forms, filled in rightly."""
    return {form: lines(unit, month, form, as_of) for form in FORMS}


def send(
    place: Place, unit: str, month: int, forms: dict[str, dict[str, Line]], again: int = 0
) -> None:
    """Drop a workbook into the inbox on the 2nd of the month after, or `again` days later."""
    day = first_day(month + 1).replace(day=2 + again)
    place.drop(f"{unit}-{month}-{again}.xlsx", workbook(unit, month, forms), f"{day}T10:00")


def send_all(place: Place, *, unit_of_measure: bool = True) -> None:
    """Right returns of all months, a night after each quarter."""
    for month in range(START, END + 1):
        for unit in UNITS:
            forms = right(unit, month)
            if not unit_of_measure and month <= LAST:
                forms = {
                    form: {name: (*line[:2], "", *line[3:]) for name, line in filled.items()}
                    for form, filled in forms.items()
                }
            send(place, unit, month, forms)
        if month % 3 == 2:
            place.night(f"{first_day(month + 1):%Y-%m}-04T23:00")
