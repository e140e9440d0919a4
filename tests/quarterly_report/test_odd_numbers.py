"""Numbers that are seldom met: totals handed over, units that have ended, less than one."""

import datetime as dt
import io
from dataclasses import replace

from python_calamine import CalamineWorkbook

from schemas.declaring.lines import flow, stock
from schemas.declaring.model import Indicator
from schemas.declaring.periods import parse_month
from tests.quarterly_report.worlds import UNITS, district, form, made, prose

FUNDS = flow("1", "funds", "资金", "万元", "")
PEOPLE, SPENT = stock("2", "people", "人数", "人", ""), flow("3", "spent", "支出", "元", "")
EACH = Indicator("each", "人均", "元/人", "ratio", "spent / people", "")


def spent(first: str, last: str, units: str) -> str:
    return "\n".join(f"{first}..{last} {unit} spent 5" for unit in units)


def test_what_changes_by_less_than_is_printed_is_hardly_changed() -> None:
    said = prose("{资金|增减}，{资金|同比}。")
    facts = "2021-01..2021-03 A funds 12\n2021-01..2021-03 B funds 0\n2022-01..2022-03 B funds 0\n"
    facts += "2022-01..2022-02 A funds 12\n2022-03 A funds 12.04"
    world = district(form("one", "月报表", replace(FUNDS, places=2)), report=said)
    assert "与上年同期基本持平，同比增长0.1%。" in made(world, facts).said
    less = facts.replace("12\n", "0\n").replace("12.04", "0.04")
    assert "与上年同期基本持平，同比由零增至0.0万元。" in made(world, less).said


def test_a_cut_number_below_one_is_no_more_than_nothing() -> None:
    said = prose("{资金|约数}，{资金|万约数}。")
    facts = "2022-01..2022-02 A funds 0\n2022-03 A funds 0.4\n2022-01..2022-03 B funds 0"
    world = district(form("one", "月报表", replace(FUNDS, places=1)), report=said)
    assert "0.4万元，0.4万元。" in made(world, facts).said


def test_a_total_of_the_whole_district_lacks_no_unit() -> None:
    world = district(form("one", "月报表", SPENT), report=prose("{支出}，{支出|累计}。"))
    found = made(world, "2022-01..2022-03 1 spent 50 history")
    assert "150元，150元。" in found.said
    assert [note.units for note in found.word.notes] == ["全区汇总数"] * 2


def test_a_year_to_date_says_which_ended_unit_it_lacks() -> None:
    ended = replace(UNITS[2], valid_to=dt.date(2022, 3, 31))
    world = district(
        form("one", "月报表", SPENT),
        units=(*UNITS[:2], ended),
        report=prose("{支出}，{支出|累计}。"),
    )
    facts = spent("2022-01", "2022-06", "A") + "\n2022-01 B spent 5\n2022-03 B spent 5"
    found = made(world, facts, "2022Q2")
    assert "15元，30元（缺乙镇）。" in found.said
    assert [note.units for note in found.word.notes] == ["1/1", "1/2，缺乙镇"]


def test_a_year_to_date_that_lacks_more_than_the_quarter_says_so_everywhere() -> None:
    world = district(form("one", "月报表", SPENT), report=prose("{支出}，{支出|累计}。"))
    facts = spent("2022-01", "2022-06", "A") + "\n" + spent("2022-02", "2022-06", "B")
    found = made(world, facts, "2022Q2")
    assert "30元，30元（缺乙镇）。" in found.said
    assert found.page.count('title="未报或审核未通过：乙镇">缺1') == 1
    assert "累计缺1" in texts_of(found.tables)


def texts_of(workbook: bytes) -> set[str]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    sheets = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    return {str(cell) for rows in sheets for row in rows for cell in row}


def test_a_ratio_over_nothing_is_not_missing() -> None:
    world = district(
        form("one", "月报表", PEOPLE, SPENT), indicators=(EACH,), report=prose("{人均}，{支出}。")
    )
    facts = spent("2022-01", "2022-03", "AB") + "\n2022-03 A people 0\n2022-03 B people 0"
    assert "不适用，30元。" in made(world, facts).said


def test_units_of_which_nothing_came_are_not_said_to_have_none() -> None:
    world = district(form("one", "月报表", PEOPLE, SPENT), report=prose("{人数|单位}。"))
    assert "暂缺（缺甲、乙镇）。" in made(world, spent("2022-01", "2022-03", "A")).said
    none = "2022-03 A people 0\n2022-03 B people 0"
    assert "暂无。" in made(world, none).said


def test_a_figure_is_reported_of_the_quarters_in_which_it_was_asked() -> None:
    retired = replace(PEOPLE, valid_to=parse_month("2022-03"))
    world = district(form("one", "月报表", retired, SPENT), report=prose("{人数}。"))
    assert "7人（缺乙镇）。" in made(world, "2022-03 A people 7").said


def test_a_form_that_was_not_asked_yet_has_no_numbers() -> None:
    later = replace(form("two", "新表", PEOPLE), valid_from=parse_month("2022-04"))
    world = district(form("one", "月报表", SPENT), later)
    found = made(world, spent("2022-01", "2022-03", "AB"))
    assert "本季度，人数暂缺。" in found.said
