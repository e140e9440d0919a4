"""What is drawn is what the database says, and nothing of what is suppressed."""

import math
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from matplotlib import rc_context
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from flows.quarterly_report.charts import growth, pulls, reporting, trends
from flows.quarterly_report.charts.completion import targets
from flows.quarterly_report.charts.drawing import sheets
from flows.quarterly_report.charts.letters import load
from flows.quarterly_report.charts.sheet import Sheet, looks
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.rows import Level
from schemas.declaring import periods
from tests.quarterly_report.conftest import Gathered


def _lines(sheet: Sheet) -> list[list[float]]:
    """The lines of the panels, each through all quarters."""
    found = []
    for axes in sheet.figure.axes:
        (line,) = (each for each in axes.lines if each.get_linestyle() == "-")
        assert isinstance(line, Line2D)
        found.append([float(each) for each in line.get_ydata()])
    return found


def _texts(sheet: Sheet) -> str:
    return " ".join(each.get_text() for each in sheet.texts())


def test_a_trend_goes_through_the_values_of_the_quarters(provisional: Gathered) -> None:
    contents, tables = provisional
    programme = next(each for each, _ in contents.programmes if each.name == "elderly_care")
    sheet = trends.trend(contents, programme)
    assert sheet is not None
    expected = [
        [
            float(value) if value is not None else math.nan
            for (value,) in tables.execute(
                "SELECT value FROM quarterly_indicator WHERE unit_code = ? AND indicator = ? "
                "ORDER BY quarter",
                [contents.district, name],
            ).fetchall()
        ]
        for name in programme.headline
    ]
    drawn = _lines(sheet)
    assert len(expected[0]) == 5
    assert [line[-5:] for line in drawn] == expected
    assert all(math.isnan(each) for line in drawn for each in line[:-5])


def test_what_is_suppressed_is_a_gap_with_a_star(provisional: Gathered) -> None:
    contents = provisional[0]
    programme = next(each for each, _ in contents.programmes if each.name == "elderly_care")
    name = programme.headline[0]
    levels = dict(contents.levels)
    for back in (0, 2):
        key = contents.quarter - back, contents.district, name
        levels[key] = levels[key]._replace(value=None, year_to_date=None, suppressed=True)
    sheet = trends.trend(replace(contents, levels=levels), programme)
    assert sheet is not None
    line = _lines(sheet)[0]
    assert [math.isnan(each) for each in line[-3:]] == [True, False, True]
    assert "＊：人数较少，不予公布。" in _texts(sheet)
    assert not any(
        f"{contents.levels[contents.quarter - back, contents.district, name].value:,.0f}"
        in _texts(sheet)
        for back in (0, 2)
    )


def test_nine_quarters_and_a_gap(provisional: Gathered) -> None:
    contents = provisional[0]
    programme = contents.programmes[1][0]
    name, level = programme.headline[0], Level(Decimal(1), None, 3, 1, 1, "final", False)
    levels = {
        (contents.quarter - back, contents.district, name): level._replace(value=Decimal(-back))
        for back in range(9)
        if back != 4
    }
    sheet = trends.trend(replace(contents, levels=levels), programme)
    assert sheet is not None
    assert [each for each in _lines(sheet)[0] if not math.isnan(each)] == [-8, -7, -6, -5, -3, -2, -1, 0]  # fmt: skip
    assert "暂缺" in _texts(sheet)  # of the other indicators


def test_bars_of_targets_are_as_long_as_they_are_met(released: Gathered) -> None:
    contents, tables = released
    sheet = targets(contents)
    assert sheet is not None
    rows = tables.execute(
        "SELECT CASE WHEN i.unit = '%' THEN p.value ELSE p.completion END AS met, p.lead "
        "FROM progress p JOIN indicator i USING (indicator) WHERE p.quarter = ? "
        "AND met IS NOT NULL AND p.lead IS NOT NULL ORDER BY p.lead DESC",
        [contents.label],
    ).fetchall()
    (axes,) = sheet.figure.axes
    bars = [each for each in axes.patches if isinstance(each, Rectangle)]
    assert rows
    assert [each.get_width() for each in bars] == [float(met) for met, _ in rows]
    # Behind is hatched, and said.
    assert [bool(each.get_hatch()) for each in bars] == [lead < 0 for _, lead in rows]
    assert _texts(sheet).count("，欠") == sum(lead < 0 for _, lead in rows)


def test_rates_are_the_database_s(provisional: Gathered) -> None:
    contents, tables = provisional
    told = {each.item.name: (each.rate, each.units) for each in growth.rates(contents)}
    rows = tables.execute(
        "SELECT indicator, CASE status WHEN 'ok' THEN rate ELSE matched_rate END AS shown, "
        "CASE status WHEN 'ok' THEN NULL ELSE matched_units END FROM growth WHERE quarter = ? "
        "AND unit_code = ? AND comparison = 'yoy' AND status IN ('ok', 'incomplete') "
        "AND shown IS NOT NULL",
        [contents.label, contents.district],
    ).fetchall()
    headline = {each for programme, _ in contents.programmes for each in programme.headline}
    headline |= {each.indicator for each in contents.targets}
    assert told == {name: (rate, units) for name, rate, units in rows if name in headline}
    sheet = growth.growth(contents)
    assert sheet is not None
    assert "空心点" in _texts(sheet)


def test_pull_is_drawn_where_units_have_parts_in_a_rate(provisional: Gathered) -> None:
    contents = provisional[0]
    name = contents.programmes[1][0].headline[0]
    key = contents.quarter, contents.district, name, "yoy"
    changed = dict(contents.growth)
    changed[key] = changed[key]._replace(status="ok", rate=Decimal("3.25"))
    towns = [each for each in contents.units if (contents.quarter, each, name, "yoy") in changed]
    for at, unit in enumerate(towns[:-1]):
        of = contents.quarter, unit, name, "yoy"
        changed[of] = changed[of]._replace(pull=Decimal(1 - at))
    hidden = contents.quarter, towns[-1], name, "yoy"
    changed[hidden] = changed[hidden]._replace(status="suppressed", pull=None)
    told = replace(contents, growth=changed)
    found = pulls.pulled(told)
    assert found is not None
    assert found[0].name == name
    assert found[1] == [(unit, Decimal(1 - at)) for at, unit in enumerate(towns[:-1])]
    sheet = pulls.pulls(told)
    assert sheet is not None
    assert "另有1个单位人数较少，不予公布" in _texts(sheet)
    assert contents.unit_name(towns[-1]) not in _texts(sheet)


def test_forms_are_counted_by_month_and_state(released: Gathered) -> None:
    contents, tables = released
    expected: dict[int, Counter[str]] = {}
    for day, state, number in tables.execute(
        "SELECT month, state, count(*) FROM coverage WHERE month >= '2022-01-01' "
        "AND month < '2023-01-01' GROUP BY ALL"
    ).fetchall():
        expected.setdefault(periods.month_of(day), Counter())[state] += number
    told = {month: Counter(states) for month, states in reporting.states(contents).items()}
    assert {month: +states for month, states in told.items()} == expected
    assert len(told) == 12


def test_strange_names_are_drawn(provisional: Gathered) -> None:
    contents: Contents = provisional[0]
    programme = contents.programmes[1][0]
    name = programme.headline[0]
    key = contents.quarter, contents.district, name, "yoy"
    rate = contents.growth[key]._replace(status="ok", rate=Decimal(1))
    strange = replace(contents.items[name], name_zh="$x^$<甲>&\U0002b740")
    told = replace(
        contents, items={**contents.items, name: strange}, growth={**contents.growth, key: rate}
    )
    with rc_context(looks(load())):
        for sheet in (trends.trend(told, programme), growth.growth(told)):
            assert sheet is not None
            # A letter that no font has is a warning, and so an error here.
            assert b"<title>" in sheet.saved()["svg"]
            assert "$x^$<甲>&〓" in _texts(sheet)


def test_nothing_to_draw(provisional: Gathered) -> None:
    nothing = replace(provisional[0], levels={}, growth={}, targets=(), coverage={})
    assert list(sheets(nothing)) == []


@pytest.mark.parametrize(
    ("low", "high"), [(0.0, 1.0), (17.2, 18.9), (-40.0, 12.0), (0.0, 98_765.0)]
)
def test_an_axis_has_marks(low: float, high: float) -> None:
    marks, places = trends._marks(low, high, 1)
    assert 3 <= len(marks) <= 12
    assert all(low <= float(each) <= high for each in marks)
    assert all(round(each, places) == each for each in marks)
