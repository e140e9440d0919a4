"""What the trees say: formulas, succession, history, ledgers, and what is missing."""

from collections.abc import Sequence
from datetime import date

from flows.commands.trees import tree_lines, verdict
from flows.explaining.explanations import Explanations
from flows.explaining.tree import Node
from tests.explaining.conftest import explanations_of
from tests.few_units.home import MISSING, WRONG
from tests.homes import TOWN, Place

Q1_2022, Q2_2022, Q4_2022, Q1_2023 = 8088, 8089, 8091, 8092


def explained(opened: Explanations, name: str, quarter: int, unit: str, *more: str) -> Node:
    return opened.explain(opened.indicator(name), quarter, unit, *more)


def nodes(tree: Node, kind: str) -> Sequence[Node]:
    return [each for each in tree.walk() if each.kind == kind]


def test_a_flow_is_its_three_months(villages: Place) -> None:
    with explanations_of(villages) as opened:
        tree = explained(opened, "funds", Q1_2022, "702")
    assert (tree.value, tree.how) == (9, "3 + 3 + 3")
    assert [(each.label, each.value) for each in tree.children] == [
        ("2022-01", 3), ("2022-02", 3), ("2022-03", 3),
    ]  # fmt: skip
    first = tree.children[0].children[0]
    assert (first.label, first.about["file_name"]) == ("村月报表!E7", "西村2022-01.xlsx")
    assert first.about["archived_as"].endswith("-西村2022-01.xlsx")


def test_what_only_comes_as_year_to_date_is_the_difference_of_two_cells(villages: Place) -> None:
    with explanations_of(villages) as opened:
        tree = explained(opened, "spent", Q2_2022, "702")
        year = opened.explain(opened.indicator("spent"), Q2_2022, "702", cumulative=True)
    assert (tree.value, tree.how) == (18, "6 + 6 + 6")
    april = tree.children[0]
    assert april.how == "24 - 18"
    assert [(each.label, each.value) for each in april.children] == [
        ("村月报表!F8", 24), ("村月报表!F8", -18),
    ]  # fmt: skip
    assert [each.label for each in year.children] == ["January to 2022-06"]
    assert year.value == 36


def test_the_base_of_a_merged_unit_is_made_of_those_that_went_into_it(villages: Place) -> None:
    with explanations_of(villages) as opened:
        tree = explained(opened, "per_head", Q1_2023, "704", "yoy")
        lines = list(tree_lines(tree))
    value, base = tree.children[0], tree.children[1]
    # 10000 x 24 / 90 against 10000 x (9 + 12) / (40 + 60)
    assert value.how == "10,000 × 24 ÷ 90"
    assert (base.how, base.value) == ("10,000 × 21 ÷ 100", 2100)
    assert base.label == "人均资金 新村 2022Q1, restated: made of 西村, 南村"
    assert tree.about["restated"]
    assert [each.label for each in nodes(base, "unit")] == ["西村", "南村", "西村", "南村"]
    assert lines[0].startswith(
        "人均资金 新村 2023Q1 同比 (yoy) = 26.9841269841 % = 100 × (2,666.6666666667 - 2,100) ÷ 2,100"
    )
    assert "the base is restated" in lines[0]


def test_the_year_to_date_of_a_quarter_before_the_merger_is_of_the_units_of_then(
    villages: Place,
) -> None:
    with explanations_of(villages) as opened:
        tree = opened.explain(opened.indicator("funds"), Q4_2022, "700", cumulative=True)
    # (10 + 3 + 4) x 12
    assert tree.value == 204
    assert [each.label for each in tree.children] == ["东村", "西村", "南村"]


def test_a_dated_total_says_its_source_and_its_line(villages: Place, opened: Explanations) -> None:
    with explanations_of(villages) as of_villages:
        tree = explained(of_villages, "people", 2021 * 4, "702")
        quarter = explained(of_villages, "funds", 2021 * 4 + 1, "703")
        base = explained(of_villages, "funds", Q2_2022, "703", "yoy").children[1]
    (cell,) = nodes(tree, "cell")
    assert (tree.value, cell.about["source"], cell.about["dated"]) == (38, "旧账", "2021-03")
    assert (cell.about["cell"], cell.about["file_name"]) == ("D2", "totals.csv")
    assert base.value == quarter.value == 12.5
    # the quarter's total stands in its last month and covers the two before
    assert [each.value for each in quarter.children] == [0, 0, 12.5]
    assert {each.about["dated"] for each in nodes(quarter, "cell")} == {"2021Q2"}
    district = explained(opened, "urban_dibao_recipients", 2021 * 4 + 3, "500114")
    assert (district.value, nodes(district, "unit")) == (2000, [])


def test_what_is_missing_says_why(opened: Explanations) -> None:
    held = explained(opened, "relief_funds", Q1_2023, WRONG)
    (missing,) = nodes(held, "missing")
    assert (held.value, missing.label, missing.about["why"]) == (None, "2023-03", "held")
    assert missing.about["submission"] in missing.how
    absent = explained(opened, "orphans", Q1_2023, MISSING)
    assert absent.how == "2023-03 missing: nothing came"
    assert [each.about["why"] for each in nodes(absent, "missing")] == ["missing"]
    total = explained(opened, "orphans", Q1_2023, "500114")
    left_out = {each.label: each.how for each in total.children if each.kind == "missing"}
    assert left_out[opened.rules.register.name(MISSING)] == "2023-03 missing: nothing came"
    assert [each.label for each in total.children if each.kind == "unit"] == ["城东街道"]


def test_a_unit_that_was_split_or_ended_says_when_and_into_what(villages: Place) -> None:
    with explanations_of(villages) as opened:
        whole, part, ended, district = (
            explained(opened, "funds", Q1_2023, unit, "yoy")
            for unit in ("701", "705", "706", "700")
        )
        line = next(tree_lines(whole))
        cell = next(iter(nodes(whole, "cell"))).about
        fed = opened.feeding.fed(opened.locate(cell["submission"], cell["cell"]).inputs)
    words = "东村 was split on 2023-02-01, parts of it went to 小村"
    assert f"no rate  [not_comparable: {words}]" in line
    # 3 x 12 beside 3 x 10, and 2 x 2 beside nothing
    assert [each.value for each in whole.children] == [36, 30]
    assert [each.value for each in part.children] == [4, None]
    for tree in (whole, part):
        assert (tree.about["status"], tree.about["status_in_words"]) == ("not_comparable", words)
        assert tree.about["splits"] == [
            {"split_on": date(2023, 2, 1), "source": "701", "into": ["705"]}
        ]
    assert ended.about["status_in_words"] == (
        "渡口村 was last there at the end of 2023-01: what it has is of fewer months"
    )
    # 36 + 24 + 4 + 1 beside 30 + 9 + 12; matched is what has become of the merged two
    assert [each.value for each in district.children[:2]] == [65, 51]
    matched = district.children[2]
    assert matched.about["units"] == ["704"]
    assert matched.about["altered"] == ["701", "705", "706"]
    assert matched.how == "24 against 21"
    roles = {
        (each.unit_code, each.comparison): each.roles
        for each in fed.growth
        if (each.quarter, each.indicator) == (Q1_2023, "funds")
    }
    assert roles["701", "yoy"] == ("value",)
    assert "matched" not in roles["700", "yoy"]


def test_a_count_names_the_rows_it_counts(opened: Explanations) -> None:
    tree = explained(opened, "rectification_closure_rate", Q1_2023, "500114")
    closed, every = nodes(tree, "rows")
    assert (closed.about["ledger"], closed.how) == (
        "rectification", "rows where status is 已销号",
    )  # fmt: skip
    assert closed.value == len(closed.about["rows"])
    assert every.value == every.about["rows_in_all"] == len(every.about["rows"])
    assert {each["sheet"] for each in every.about["rows"]} == {"整改清单"}
    assert tree.value == 100 * closed.value / every.value


def test_forms_in_time_name_each_form_due(opened: Explanations) -> None:
    tree = explained(opened, "on_time_reporting_rate", Q2_2022, TOWN)
    in_time, due = tree.children
    assert len(nodes(in_time, "form")) == len(nodes(due, "form")) == due.value == 30
    form = nodes(due, "form")[0]
    assert form.about["state"] == "late"
    assert str(form.about["due_on"]) == "2022-05-05"
    assert form.about["file_name"] == "濯水镇2022-04月报.xlsx"


def test_the_terminal_shows_units_below_one_another(villages: Place) -> None:
    with explanations_of(villages) as opened:
        tree = explained(opened, "funds", Q1_2022, "700")
        submissions = {each.about["submission"] for each in nodes(tree, "cell") if each.value == 3}
    assert len(submissions) == 3
    assert list(tree_lines(tree)) == [
        "资金 某乡 2022Q1 = 51 万元 = the sum of 3 units  (adds up; final; 3 of 3 units)",
        "├─ 东村  30 = 10 + 10 + 10  2022-01 … 2022-03 村月报表!E7",
        "├─ 西村   9 = 3 + 3 + 3  2022-01 … 2022-03 村月报表!E7",
        "└─ 南村  12 = 4 + 4 + 4  2022-01 … 2022-03 村月报表!E7",
    ]
    assert list(tree_lines(tree, 0))[1:] == ["└─ … 3 below"]
    assert verdict(tree) == "adds up: 4 of 4 numbers, worked out again"
