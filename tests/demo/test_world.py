"""The world obeys the rules; each is written out here as a plain loop over the truth."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from statistics import median

from flows.demo.world import World, make_world
from schemas.declaration import DECLARATION
from schemas.declaring.measured import called
from schemas.declaring.names import normal_line
from schemas.declaring.periods import first_day, last_day, parse_month

Amounts = dict[str, tuple[Decimal, Decimal | None]]
SCHEMES = (
    "urban_dibao_recipients",
    "rural_dibao_recipients",
    "urban_destitute_recipients",
    "rural_destitute_recipients",
    "orphans",
    "de_facto_unsupported_children",
    "disabled_living_allowance_recipients",
    "disabled_nursing_allowance_recipients",
)
FUNDS = (
    "urban_dibao_funds",
    "rural_dibao_funds",
    "destitute_support_funds",
    "temporary_aid_funds",
    "child_support_funds",
    "disabled_allowance_funds",
    "other_relief_funds",
)
OPERATING = {"试运行", "运行"}
PLANNED = {"选址", "在建", "建成"}
FACILITIES = {
    "canteens_operating": ("爱心食堂", OPERATING),
    "mutual_aid_points": ("互助养老点", OPERATING),
    "social_work_stations": ("社工站", OPERATING),
    "rehab_stations_operating": ("精神障碍康复站", OPERATING),
    "protection_demo_sites": ("未成年人保护示范点", OPERATING),
    "child_friendly_communities": ("五童友好社区", OPERATING),
    "custom_reform_bases": ("婚俗改革基地", OPERATING),
    "complexes_operating": ("社区综合服务体", OPERATING),
    "rehab_stations_in_preparation": ("精神障碍康复站", PLANNED),
    "complexes_planned": ("社区综合服务体", PLANNED),
    "burial_sites_planned": ("公益性安葬设施", PLANNED | OPERATING),
}


def _townships(world: World) -> Iterator[tuple[str, int, Amounts]]:
    for unit, month in world.returns:
        if DECLARATION.group(unit) == "township":
            yield unit, month, world.amounts(unit, month)


def test_every_unit_sends_every_due_form_with_all_its_lines(world: World) -> None:
    months = range(world.first_month, world.last_month + 1)
    for month in months:
        for unit in DECLARATION.reporting_units(month):
            sent = {sheet.form for sheet in world.returns[unit.code, month].sheets}
            assert sent >= {form.name for form in DECLARATION.due(unit.code, month)}
    assert len(world.returns) == 31 * len(months)


def test_balances_hold(world: World) -> None:
    for _, _, amounts in _townships(world):
        value = {name: month for name, (month, _) in amounts.items()}
        to_date = {name: total or Decimal(0) for name, (_, total) in amounts.items()}
        assert value["urban_dibao_households"] <= value["urban_dibao_recipients"]
        assert value["rural_dibao_households"] <= value["rural_dibao_recipients"]
        parts = [value[name] for name in SCHEMES]
        assert max(parts) <= value["assisted_people"] <= sum(parts)
        assert value["monitored_people_helped"] <= value["monitored_low_income_people"]
        assert value["relief_funds"] == sum(value[name] for name in FUNDS)
        assert to_date["relief_funds"] == sum(to_date[name] for name in FUNDS)
        assert value["living_tombs_self_removed"] <= value["living_tombs_removed"]
        assert to_date["living_tombs_self_removed"] <= to_date["living_tombs_removed"]
        assert value["charters_revised"] <= value["charters_due"] <= value["villages"]
        assert value["mutual_aid_points"] > 0 or value["mutual_aid_residents"] == 0


def test_the_bureaus_balances_hold(world: World) -> None:
    for month in range(world.first_month, world.last_month + 1):
        amounts = world.amounts("500114000", month)
        assert amounts["problem_list_closed"][0] <= amounts["problem_list_items"][0]
        ledger = world.returns["500114000", month].ledger("rectification")
        assert ledger is not None
        numbers = [row["item_no"] for row in ledger.rows]
        assert len(set(numbers)) == len(numbers) >= 10
        for row in ledger.rows:
            assert (row["status"] == "已销号") == (row["closed_on"] is not None)


def test_counts_are_whole_and_money_has_one_decimal(world: World) -> None:
    for unit, month in world.returns:
        for name, (value, to_date) in world.amounts(unit, month).items():
            figure = DECLARATION.figures[name]
            for amount in (value, to_date):
                assert amount is None or amount >= 0
                assert amount is None or -amount.as_tuple().exponent <= figure.places  # type: ignore[operator]  # finite
            assert (to_date is None) == (figure.kind == "stock")


def test_the_year_to_date_is_the_sum_since_january(world: World) -> None:
    running: dict[tuple[str, int, str], Decimal] = {}
    for unit, month in sorted(world.returns, key=lambda key: key[1]):
        for name, (value, to_date) in world.amounts(unit, month).items():
            if to_date is not None:
                year = (unit, month // 12, name)
                running[year] = running.get(year, Decimal(0)) + value
                assert to_date == running[year], (unit, month, name)


def test_stocks_come_from_last_months_stocks(world: World) -> None:
    def dibao(amounts: Amounts) -> Decimal:
        return amounts["urban_dibao_recipients"][0] + amounts["rural_dibao_recipients"][0]

    for unit, month, now in _townships(world):
        if month > world.first_month:
            before = world.amounts(unit, month - 1)
            assert dibao(now) == (dibao(before) + now["dibao_additions"][0] - now["dibao_exits"][0])
            assert now["living_tombs_registered"][0] == (
                before["living_tombs_registered"][0]
                + now["living_tombs_found"][0]
                - now["living_tombs_removed"][0]
            )


def test_the_ledgers_come_to_the_figures(world: World) -> None:
    for unit, month, amounts in _townships(world):
        facilities = world.returns[unit, month].ledger("facilities")
        tombs = world.returns[unit, month].ledger("living_tombs")
        assert facilities is not None
        assert tombs is not None
        for name, (kind, stages) in FACILITIES.items():
            rows = [row for row in facilities.rows if row["kind"] == kind]
            assert amounts[name][0] == sum(row["status"] in stages for row in rows)
        lived_in = [
            int(str(row["in_use"]))
            for row in facilities.rows
            if row["kind"] == "互助养老点" and row["status"] in OPERATING
        ]
        assert amounts["mutual_aid_residents"][0] == sum(lived_in)
        standing = [row for row in tombs.rows if row["status"] == "在册"]
        gone = [
            row
            for row in tombs.rows
            if str(first_day(month)) <= str(row["removed_on"] or "") <= str(last_day(month))
        ]
        assert amounts["living_tombs_registered"][0] == len(standing)
        assert amounts["living_tombs_removed"][0] == len(gone)
        self_removed = sum(row["removed_by"] == "自行" for row in gone)
        assert amounts["living_tombs_self_removed"][0] == self_removed
        assert len({row["tomb_no"] for row in tombs.rows}) == len(tombs.rows)
        for row in tombs.rows:
            assert (row["status"] == "已拆除") == (row["removed_on"] is not None)


def test_a_removed_tomb_stays_for_the_rest_of_the_year(world: World) -> None:
    for unit, month in world.returns:
        now = world.returns[unit, month].ledger("living_tombs")
        before = world.returns.get((unit, month - 1))
        if now is None or before is None or month % 12 == 0:
            continue
        earlier = before.ledger("living_tombs")
        assert earlier is not None
        assert {row["tomb_no"] for row in earlier.rows} <= {row["tomb_no"] for row in now.rows}


def _score(value: Decimal, past: list[Decimal]) -> Decimal:
    middle = Decimal(median(past))
    distance = abs(value - middle)
    deviations = [abs(each - middle) for each in past]
    if spread := Decimal(median(deviations)):
        return Decimal("0.6745") * distance / spread
    mean = sum(deviations, Decimal(0)) / len(deviations)
    return distance / (Decimal("1.2533") * mean) if mean else Decimal(99)


def test_nothing_is_implausible(world: World) -> None:
    series: dict[tuple[str, str], list[Decimal]] = {}
    for unit, month in sorted(world.returns, key=lambda key: key[1]):
        for name, (value, _) in world.amounts(unit, month).items():
            past = series.setdefault((unit, name), [])
            window = past[-24:]
            if len(window) >= 6:
                figure, middle = DECLARATION.figures[name], Decimal(median(window))
                for factor in (Decimal(10_000), 1 / Decimal(10_000)):
                    slipped = middle * factor
                    assert not middle or not slipped * 8 <= value * 10 <= slipped * 12
                if figure.unit == "万元":
                    assert not middle or not middle * 96 <= value * 10 <= middle * 144
                compared, distance = value, abs(value - middle)
                if figure.kind == "stock":
                    changes = [b - a for a, b in pairwise(window)]
                    compared, distance = value - window[-1], abs(value - window[-1])
                    window = changes
                far = distance >= 20 and distance * 10 >= middle * 3
                assert not far or _score(compared, window) <= 5, (unit, month, name)
            past.append(value)


def test_no_form_is_last_months_copied(world: World) -> None:
    for unit, month in world.returns:
        before = world.returns.get((unit, month - 1))
        for form in DECLARATION.forms:
            now = world.returns[unit, month].figure_sheet(form.name)
            old = before and before.figure_sheet(form.name)
            if now is None or not old:
                continue
            flows = [line.figure for line in now.lines if line.is_flow]
            if len(flows) >= 4:
                assert any(now.line(name).value != old.line(name).value for name in flows)


def test_the_same_seed_makes_the_same_world_and_another_another() -> None:
    first, last = parse_month("2022-01"), parse_month("2022-03")
    once, again, other = (make_world(DECLARATION, first, last, seed) for seed in (1, 1, 2))
    assert once == again
    assert once.returns != other.returns


def test_a_world_that_begins_or_ends_elsewhere_is_the_same_in_between(short: World) -> None:
    part = make_world(DECLARATION, parse_month("2022-05"), parse_month("2022-09"), seed=5)
    assert len(part.returns) == 31 * 5
    for key, sent in part.returns.items():
        assert sent == short.returns[key]


def test_targets_are_cumulative_and_named_as_the_figures_are(world: World) -> None:
    assert sorted(world.targets) == [2022, 2023, 2024, 2025]
    names = set(called(DECLARATION))
    for year, sent in world.targets.items():
        assert sent.month == year * 12
        (sheet,) = sent.sheets
        ledger = sent.ledger(sheet.form)
        assert ledger is not None
        for row in ledger.rows:
            assert normal_line(str(row["indicator_name"])) in names
            given = [row[f"target_q{quarter}"] for quarter in (1, 2, 3, 4)]
            steps = [Decimal(str(each)) for each in given if each is not None]
            assert steps == sorted(steps)
            assert steps[0] > 0
