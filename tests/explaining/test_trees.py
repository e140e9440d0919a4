"""What the trees say: formulas, succession, history, ledgers, and what is missing."""

from collections.abc import Sequence

from flows.commands.trees import tree_lines, verdict
from flows.explaining.explanations import Explanations
from flows.explaining.tree import Node
from tests.explaining.conftest import explanations_of
from tests.homes import OTHER_TOWN, TOWN, Place

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


def test_a_dated_total_says_its_source_and_its_line(villages: Place, towns: Place) -> None:
    with explanations_of(villages) as opened:
        tree = explained(opened, "people", 2021 * 4, "702")
    (cell,) = nodes(tree, "cell")
    assert (tree.value, cell.about["source"], cell.about["dated"]) == (38, "旧账", "2021-03")
    assert (cell.about["cell"], cell.about["file_name"]) == ("D2", "totals.csv")
    with explanations_of(towns) as opened:
        base = explained(opened, "relief_funds", Q2_2022, TOWN, "yoy").children[1]
        district = explained(opened, "relief_funds", 2021 * 4, "500114")
    assert base.value == 198.5
    # the quarter's total stands in its last month and covers the two before
    assert [each.value for each in base.children] == [0, 0, 198.5]
    assert {each.about["dated"] for each in nodes(base, "cell")} == {"2021Q2"}
    assert (district.value, nodes(district, "unit")) == (5800, [])


def test_what_is_missing_says_why(opened: Explanations) -> None:
    held = explained(opened, "orphans", Q1_2023, OTHER_TOWN)
    (missing,) = nodes(held, "missing")
    assert (held.value, missing.label, missing.about["why"]) == (None, "2023-03", "held")
    assert missing.about["submission"] in missing.how
    absent = explained(opened, "relief_funds", Q2_2022, OTHER_TOWN)
    assert absent.how == "2022-05 missing: nothing came"
    assert [each.about["why"] for each in nodes(absent, "missing")] == ["missing"]
    total = explained(opened, "relief_funds", Q2_2022, "500114")
    left_out = {each.label: each.how for each in total.children if each.kind == "missing"}
    assert left_out[opened.rules.register.name(OTHER_TOWN)] == "2022-05 missing: nothing came"
    assert [each.label for each in total.children if each.kind == "unit"] == ["濯水镇"]


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
