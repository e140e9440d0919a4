"""A release is frozen: refused while forms are lacking, the same bytes for ever."""

import datetime as dt
import hashlib
import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from flows import pipeline
from flows.collecting.journal import Journal
from flows.demo.world import World, make_world
from flows.errors import Misuse, NotThere
from flows.explaining.explanations import Explanations
from flows.explaining.states import released as explained_release
from flows.releasing import frozen
from flows.releasing.freezing import feeding_months, released_files
from flows.warehouse.store import reading
from schemas.declaring.periods import month_label, parse_month, parse_quarter
from tests.explaining.test_every_number import trees, wrong
from tests.few_units.home import CORRECTED, FIRST, LAST, MISSING, REVISED, signed
from tests.homes import Place, changed

DECEMBER = parse_month("2022-12")
UNITS = (CORRECTED, "500114110", "500114112", MISSING)
LATER = "2023-05-01T09:00"
AT = "2023-04-06 15:00"


@pytest.fixture(scope="module")
def few(few_units: Place) -> World:
    return make_world(few_units.home(LATER).declaration, FIRST, LAST, seed=3)


def amount(world: World, unit: str, month: int, figure: str = REVISED) -> Decimal:
    value = world.amounts(unit, month)[figure][0]
    assert value is not None
    return value


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir())}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (signed("2023Q2"), "2023Q2 has not ended"),
        (signed("2023Q1"), r"2023Q1 lacks \d+ forms that are due \(.* 2023-03 .*\)"),
        (signed("2023Q1", incomplete=True, note=" "), "say with --note why"),
        (signed("2022Q4", release="一季度"), "cannot name a release"),
        (signed("2022Q4", release="../2023Q1"), "cannot name a release"),
        (signed("2022Q4", release="2022q4"), "There is a release 2022q4 already"),
        (signed("2021Q2"), "no figures of 2021Q2"),
    ],
)
def test_a_release_that_cannot_be_is_refused_and_leaves_nothing(
    few_units: Place, asked: dict[str, object], said: str
) -> None:
    settings = few_units.home(LATER).settings
    lines = settings.journal.read_bytes()
    with pytest.raises((Misuse, NotThere), match=said):
        pipeline.release(few_units.home("2023-04-10T09:00"), asked)
    assert settings.journal.read_bytes() == lines
    assert [each.name for each in settings.releases.iterdir()] == ["2022Q4"]


def test_what_is_lacking_is_counted_in_a_release_all_the_same(released: Place) -> None:
    pipeline.release(released.home(LATER), signed("2023Q1", incomplete=True, note="先行发布"))
    lacking = released.query(
        "SELECT count(*) FROM coverage WHERE month >= '2023-01-01' AND state IN ('held', 'missing')"
    )
    assert lacking > [(5,)]
    assert released.query("SELECT gaps FROM release WHERE quarter = '2023Q1'") == lacking


def test_a_release_holds_the_quarters_rows_and_who_signed_them(few_units: Place) -> None:
    assert few_units.query("SELECT * FROM release") == [
        (
            "2022Q4",
            "2022Q4",
            dt.date(2022, 10, 1),
            dt.datetime.fromisoformat("2023-01-08T01:00"),  # 9 in Shanghai
            "王五",
            "赵六",
            None,
            0,
            5,
        )
    ]
    then = "(TIMESTAMP '2023-01-08 01:00') WHERE quarter = '2022Q4' ORDER BY ALL"
    rows = few_units.query(
        f"SELECT * REPLACE ('released' AS maturity) FROM quarterly_indicator_as_of{then}"
    )
    assert rows
    assert rows == few_units.query(
        "SELECT * EXCLUDE (release) FROM released_indicator ORDER BY ALL"
    )
    for table in ("growth", "progress"):
        rows = few_units.query(f"SELECT * FROM {table}_as_of{then}")
        assert rows
        assert rows == few_units.query(
            f"SELECT * EXCLUDE (release) FROM released_{table} ORDER BY ALL"
        )


def test_a_release_rests_on_the_months_of_its_spans_and_of_their_bases() -> None:
    named = [month_label(month) for month in feeding_months(parse_quarter("2023Q2"))]
    assert named[:6] == [f"2021-{month:02d}" for month in range(1, 7)]  # two years before
    assert named[6:12] == [f"2022-{month:02d}" for month in range(1, 7)]  # the year before
    assert named[12:] == [f"2023-{month:02d}" for month in range(1, 7)]
    first = [month_label(month) for month in feeding_months(parse_quarter("2023Q1"))]
    # The quarter before is of another year, whose year to date counts from January.
    assert first[3:15] == [f"2022-{month:02d}" for month in range(1, 13)]


def test_a_second_release_has_a_name_of_its_own_and_leaves_the_first(released: Place) -> None:
    settings = released.home(LATER).settings
    before = bytes_of(settings.releases / "2022Q4")
    assert pipeline.release(released.home(LATER), signed("2022Q4"))["release"] == "2022Q4-2"
    named = pipeline.release(released.home(LATER), signed("2022Q4", release="final"))
    assert named["release"] == "final"
    assert frozen.names(settings.releases) == ["2022Q4", "2022Q4-2", "final"]
    assert bytes_of(settings.releases / "2022Q4") == before
    # The correction that came before them is in them.
    since = "SELECT count(*) FROM release_revision WHERE release <> '2022Q4'"
    assert released.query(since) == [(0,)]


def test_fifty_later_corrections_and_a_rebuild_leave_the_same_bytes(
    released: Place, few: World
) -> None:
    settings = released.home(LATER).settings
    before = bytes_of(settings.releases / "2022Q4")
    rows = released.query("SELECT * FROM released_indicator ORDER BY ALL")
    pairs = [(unit, DECEMBER - back) for back in range(12) for unit in UNITS]
    for number, (unit, month) in enumerate([*pairs, *pairs[1:3]]):
        right = few.returns[unit, month].only({"mental_rehabilitation"})
        value = amount(few, unit, month) + (3 if number < len(pairs) else 4)
        # So many a night that they are followed together, and five that are followed one by one.
        night = 1 if number < 45 else 2
        released.send(
            changed(right, REVISED, value=value),
            f"{number}.xlsx",
            f"2023-04-1{night}T10:{number:02d}",
        )
        if number in (44, 49):
            released.night(f"2023-04-1{night}T23:00")
    revisions = "SELECT count(*), count(DISTINCT step) FROM release_revision"
    assert released.query(revisions) == [(51, 7)]  # and the one that was there
    corrected = released.tables()
    assert corrected["released_indicator"] == rows
    pipeline.rebuild(released.home("2024-04-10T09:00"))
    assert released.tables() == corrected
    assert bytes_of(settings.releases / "2022Q4") == before
    with reading(settings.warehouse) as connection:
        again = released_files(connection, "2022Q4", before)
        state = explained_release(connection, "2022Q4")
        explanations = Explanations(connection, released.home(LATER).declaration, state)
        names = REVISED, "relief_per_assisted_person", "on_time_reporting_rate"
        explained = trees(explanations, {DECEMBER // 3}, names)
    assert again == {name: each for name, each in before.items() if name != frozen.MANIFEST}
    # What it rests on leads to the files of then, of which none is in force any more.
    assert {key[2] for key in explained} == set(names)
    assert wrong(explained) == []


def test_every_file_has_its_hash_in_the_manifest_and_the_manifest_in_the_journal(
    few_units: Place,
) -> None:
    settings = few_units.home(LATER).settings
    files = bytes_of(settings.releases / "2022Q4")
    manifest = json.loads(files[frozen.MANIFEST])
    assert manifest["files"] == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name != frozen.MANIFEST
    }
    (event,) = [each for each in Journal(settings.journal).events() if each["event"] == "release"]
    assert event["sha256"] == hashlib.sha256(files[frozen.MANIFEST]).hexdigest()


@pytest.mark.parametrize("file", ["released_growth.csv", frozen.MANIFEST])
def test_a_frozen_row_that_was_altered_is_refused(released: Place, file: str) -> None:
    path = released.home(LATER).settings.releases / "2022Q4" / file
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"2022Q4", b"2022Q3", 1))
    with pytest.raises(NotThere, match="not what was released; restore them from the backup"):
        pipeline.rebuild(released.home(LATER))
    assert released.query("SELECT count(*) FROM release") == [(1,)]


def test_a_release_that_the_journal_has_lost_stops_a_rebuild(released: Place) -> None:
    settings = released.home(LATER).settings
    shutil.copytree(settings.releases / "2022Q4", settings.releases / "2022Q3")
    with pytest.raises(NotThere, match="does not name the release 2022Q3"):
        pipeline.rebuild(released.home(LATER))


def test_a_release_that_was_killed_is_there_as_soon_as_the_journal_has_it(
    released: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = released.home("2023-04-10T09:00")
    asked = signed("2022Q3")
    releases = "SELECT release FROM release ORDER BY release"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Journal, "append", killed)
        with pytest.raises(KeyboardInterrupt):
            pipeline.release(home, asked)
    assert frozen.names(home.settings.releases) == ["2022Q4"]
    released.night("2023-04-10T23:00")
    assert released.query(releases) == [("2022Q4",)]
    with monkeypatch.context() as broken:
        broken.setattr(frozen, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            pipeline.release(home, asked)
    assert frozen.names(home.settings.releases) == ["2022Q4"]
    assert released.query(releases) == [("2022Q4",)]
    released.night("2023-04-11T23:00")
    assert frozen.names(home.settings.releases) == ["2022Q3", "2022Q4"]
    assert released.query(releases) == [("2022Q3",), ("2022Q4",)]


def test_a_correction_shows_with_its_file_and_its_effect_on_totals_and_rates(
    few_units: Place, few: World
) -> None:
    old = amount(few, CORRECTED, DECEMBER)
    total = sum(amount(few, unit, DECEMBER) for unit in UNITS)
    base = amount(few, CORRECTED, DECEMBER - 3)
    total_base = sum(amount(few, unit, DECEMBER - 3) for unit in UNITS)
    assert few_units.query(
        "SELECT step, strftime(r.month, '%Y-%m'), r.unit_code, figure, old_value, new_value, "
        "old_mark, new_mark, s.file_name, strftime(revised_at, '%Y-%m-%d %H:%M') "
        "FROM release_revision r JOIN submission s ON s.submission = r.new_submission"
    ) == [
        # 23:00 in Shanghai
        (1, "2022-12", CORRECTED, REVISED, old, old + 2, *["reported"] * 2, "再次更正.xlsx", AT)
    ]

    def rate(value: Decimal, against: Decimal) -> Decimal:
        return (100 * (value - against) / against).quantize(Decimal("1e-10"), "ROUND_HALF_UP")

    effects = few_units.query(
        "SELECT unit_code, measure, old_number, new_number, old_status, new_status "
        "FROM release_effect WHERE indicator = ? ORDER BY ALL",
        REVISED,
    )
    growth = ("ok", "ok")
    of_all = rate(total, total_base), rate(total + 2, total_base)
    assert effects == [
        ("500114", "qoq", *of_all, *growth),
        ("500114", "qoq_matched", *of_all, None, None),  # all units are there in both
        ("500114", "value", total, total + 2, None, None),
        ("500114", "year_to_date", total, total + 2, None, None),
        (CORRECTED, "qoq", rate(old, base), rate(old + 2, base), *growth),
        (CORRECTED, "value", old, old + 2, None, None),
        (CORRECTED, "year_to_date", old, old + 2, None, None),
    ]
    # Nothing else is made of that figure.
    assert few_units.query("SELECT count(*) FROM release_effect") == [(len(effects),)]


def test_each_numbers_way_from_the_release_to_today_has_no_gap(released: Place, few: World) -> None:
    sent = [
        (CORRECTED, 0, REVISED, 5),
        (CORRECTED, 3, REVISED, 1),
        (MISSING, 3, "patients_surveyed", 3),
        (UNITS[1], 0, REVISED, 4),
    ]
    for number, (unit, back, figure, plus) in enumerate(sent):
        right = few.returns[unit, DECEMBER - back].only({"mental_rehabilitation"})
        value = amount(few, unit, DECEMBER - back, figure) + plus
        released.send(
            changed(right, figure, value=value), f"{number}.xlsx", f"2023-04-11T10:0{number}"
        )
    released.night("2023-04-11T23:00")
    of = "SELECT submission FROM submission WHERE file_name = '2.xlsx'"
    withdrawal = {"form": "mental_rehabilitation", "reason": "误报", "by": "王五"}
    pipeline.decide(
        released.home("2023-04-12T09:00"),
        {"event": "withdraw", "submission": released.query(of)[0][0], **withdrawal},
    )
    numbers = """
        SELECT unit_code, indicator, 'value', value, NULL FROM {i} UNION ALL
        SELECT unit_code, indicator, 'year_to_date', year_to_date, NULL FROM {i} UNION ALL
        SELECT unit_code, indicator, comparison,
            CASE status WHEN 'points' THEN change ELSE rate END, status FROM {g} UNION ALL
        SELECT unit_code, indicator, comparison || '_matched', matched_rate, NULL FROM {g}
        WHERE matched_units IS NOT NULL
    """
    released_numbers, today = (
        {row[:3]: row[3:] for row in rows}
        for rows in (
            released.query(numbers.format(i="released_indicator", g="released_growth")),
            released.query(
                numbers.format(
                    i="(FROM quarterly_indicator WHERE quarter = '2022Q4')",
                    g="(FROM growth WHERE quarter = '2022Q4')",
                )
            ),
        )
    )
    followed = dict(released_numbers)
    steps = released.query(
        "SELECT unit_code, indicator, measure, old_number, old_status, new_number, new_status "
        "FROM release_effect ORDER BY step"
    )
    assert len(steps) > 20
    for unit_code, indicator, measure, *ways in steps:
        assert followed[unit_code, indicator, measure] == tuple(ways[:2])
        followed[unit_code, indicator, measure] = tuple(ways[2:])
    assert followed == today
    # What was withdrawn has come back to where it was.
    value = amount(few, MISSING, DECEMBER - 3, "patients_surveyed")
    assert released.query(
        "SELECT old_value, new_value FROM release_revision WHERE figure = 'patients_surveyed' "
        "ORDER BY step"
    ) == [(value, value + 3), (value + 3, value)]


def test_another_formula_shows_as_a_revision_without_a_value(released: Place) -> None:
    district = "indicator = 'complex_coverage' AND unit_code = '500114'"
    before = released.query(f"SELECT value FROM released_indicator WHERE {district}")
    Place(released.folder, "tests.releasing.reworded").night("2023-04-12T23:00")
    revisions = "SELECT step, month, figure FROM release_revision ORDER BY step"
    assert released.query(revisions)[1:] == [(2, None, None)]
    ((old, new),) = released.query(
        f"SELECT old_number, new_number FROM release_effect WHERE {district} AND measure = 'value'"
    )
    assert [(old,)] == before
    assert new != old
    others = (
        "SELECT count(*) FROM release_effect WHERE step = 2 AND indicator <> 'complex_coverage'"
    )
    assert released.query(others) == [(0,)]
