"""What follows a release: other targets, other declarations, late forms; what may lie in a cell."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import pipeline
from flows.demo.world import make_world
from flows.errors import Misuse
from flows.releasing import frozen
from tests.few_units.home import FIRST, LAST, MISSING, signed
from tests.homes import Place, changed

LATER = "2023-05-01T09:00"
REWORDED = "tests.releasing.reworded"
texts = st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(st.lists(st.lists(texts, min_size=2, max_size=2)))
def test_what_stands_in_a_cell_comes_back_as_it_was(rows: list[list[str | None]]) -> None:
    columns, read = frozen.read_csv(frozen.as_csv(["one", "other"], rows))
    assert (columns, list(read)) == (["one", "other"], rows)


def test_the_same_is_not_released_again_but_under_a_name(released: Place) -> None:
    home = released.home(LATER)
    assert pipeline.release(home, signed("2022Q3"))["release"] == "2022Q3"
    with pytest.raises(Misuse, match="2022Q3 is released as 2022Q3 already, and nothing has"):
        pipeline.release(home, signed("2022Q3"))
    assert pipeline.release(home, signed("2022Q3", release="2022Q3.part"))["release"]
    assert frozen.names(home.settings.releases) == ["2022Q3", "2022Q3.part", "2022Q4"]


def test_a_release_under_another_declaration_is_of_that_declarations_numbers(
    released: Place,
) -> None:
    place = Place(released.folder, REWORDED)
    pipeline.release(place.home(LATER), signed("2022Q3"))
    frozen_and_live = place.query(
        "SELECT r.value, q.value FROM released_indicator r JOIN quarterly_indicator q "
        "USING (quarter, unit_code, indicator) WHERE indicator = 'complex_coverage' "
        "AND unit_code = '500114' AND quarter = '2022Q3'"
    )
    assert len({value for row in frozen_and_live for value in row}) == 1
    since = "SELECT count(*) FROM release_revision WHERE release = '2022Q3'"
    assert place.query(since) == [(0,)]


def test_computing_everything_anew_is_followed_too(released: Place) -> None:
    place = Place(released.folder, REWORDED)
    pipeline.indicators(place.home(LATER))
    changes = "SELECT DISTINCT indicator FROM release_effect WHERE step = 2"
    assert place.query(changes) == [("complex_coverage",)]


def test_a_table_with_another_column_takes_in_what_was_frozen_before_it(released: Place) -> None:
    settings = released.home(LATER).settings
    folder = settings.releases / "2022Q4"
    columns, rows = frozen.read_csv((folder / "released_growth.csv").read_bytes())
    fewer = frozen.as_csv(columns[:-1], (row[:-1] for row in rows))
    manifest = json.loads((folder / frozen.MANIFEST).read_bytes())
    manifest["files"]["released_growth.csv"] = frozen.digest(fewer)
    said = json.dumps(manifest).encode()
    for name, content in (("released_growth.csv", fewer), (frozen.MANIFEST, said)):
        (folder / name).chmod(0o644)
        (folder / name).write_bytes(content)
    lines = settings.journal.read_text("utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    for event in events:
        if event["event"] == "release":
            event["sha256"] = frozen.digest(said)
    settings.journal.write_text("".join(json.dumps(event) + "\n" for event in events), "utf-8")
    pipeline.rebuild(released.home(LATER))
    pulls = "SELECT count(*), count(pull) FROM released_growth WHERE release = '2022Q4'"
    ((rows_there, pulls_there),) = released.query(pulls)
    assert rows_there > 0
    assert pulls_there == 0


def test_a_late_form_moves_the_rate_of_the_units_that_are_in_both_periods(
    released: Place,
) -> None:
    pipeline.release(released.home(LATER), signed("2023Q1", incomplete=True, note="先行发布"))
    few = make_world(released.home(LATER).declaration, FIRST, LAST, seed=3)
    released.send(few.returns[MISSING, LAST], at="2023-05-02T10:00")
    released.night("2023-05-02T23:00")
    now = dict(
        released.query(
            "SELECT indicator, matched_rate FROM growth WHERE quarter = '2023Q1' "
            "AND unit_code = '500114' AND comparison = 'yoy'"
        )
    )
    moved = released.query(
        "SELECT indicator, arg_max(new_number, step) FROM release_effect "
        "WHERE release = '2023Q1' AND measure = 'yoy_matched' GROUP BY ALL"
    )
    assert moved
    assert all(now[indicator] == number for indicator, number in moved)


def test_other_targets_show_as_a_revision_without_a_value(released: Place) -> None:
    few = make_world(released.home(LATER).declaration, FIRST, LAST, seed=3)
    targets = few.targets[2022]
    (sheet,) = targets.sheets
    row = sheet.rows[0]
    name, last = row["indicator_name"], row["target_q4"]
    higher = targets.with_sheet(sheet.changed(0, "target_q4", last * 2))
    released.send(higher, "2022年目标任务表（调整）.xlsx", at="2023-05-02T10:00")
    released.night("2023-05-02T23:00")
    indicator, target, completion = released.query(
        "SELECT i.indicator, p.target, p.completion FROM progress p JOIN indicator i "
        "USING (indicator) WHERE p.quarter = '2022Q4' AND i.name_zh = ?",
        str(name),
    )[0]
    assert target == last * 2
    steps = "SELECT step, figure FROM release_revision WHERE release = '2022Q4' AND step > 1"
    assert released.query(steps) == [(2, None)]
    effects = released.query(
        "SELECT measure, old_number, new_number FROM release_effect "
        "WHERE step = 2 AND indicator = ? ORDER BY measure",
        indicator,
    )
    assert ("target", last, last * 2) in effects
    assert [new for measure, _, new in effects if measure == "completion"] == [completion]


def test_where_the_clock_goes_back_no_two_versions_stand_at_once(released: Place) -> None:
    few = make_world(released.home(LATER).declaration, FIRST, LAST, seed=3)
    right = few.returns[MISSING, LAST - 1].only({"mental_rehabilitation"})
    for number, now in enumerate(("2023-05-04T23:00", "2023-05-03T23:00", "2023-05-03T12:00")):
        value = Decimal(20 + number)
        released.send(
            changed(right, "severely_disabled_in_care", value=value),
            f"{number}.xlsx",
            at="2023-05-02T10:00",
        )
        released.night(now)
    for clock in ("2023-05-03 10:00", "2023-05-03 16:00", "2023-05-04 16:00"):
        for macro, key in (
            ("figures_as_of", "month, unit_code, figure"),
            ("quarterly_indicator_as_of", "quarter, unit_code, indicator"),
            ("growth_as_of", "quarter, unit_code, indicator, comparison"),
        ):
            twice = (
                f"SELECT {key} FROM {macro}(TIMESTAMP '{clock}') GROUP BY ALL HAVING count(*) > 1"
            )
            assert released.query(twice) == []
