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
from flows.demo.world import World
from flows.errors import Misuse, NotThere
from flows.releasing import frozen
from flows.releasing.freezing import feeding_months, released_files
from flows.warehouse.store import reading
from schemas.declaration import DECLARATION
from schemas.declaring.periods import month_label, parse_quarter
from tests.homes import TOWN, Place, changed
from tests.releasing.conftest import ASKED, TOWNS

MARCH = 2023 * 12 + 2
FIGURE = "severely_disabled_in_care"
LATER = "2023-05-01T09:00"


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir())}


def asked(**other: object) -> dict[str, object]:
    return {**ASKED, **other}


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"quarter": "2023Q2"}, "2023Q2 has not ended"),
        ({"incomplete": False}, "2023Q1 lacks .* forms that are due"),
        ({"note": " "}, "say with --note why"),
        ({"release": "一季度"}, "cannot name a release"),
        ({"release": "../2023Q1"}, "cannot name a release"),
        ({"quarter": "2021Q4"}, "no figures of 2021Q4"),
    ],
)
def test_a_release_that_cannot_be_is_refused_and_leaves_nothing(
    filled: Place, other: dict[str, object], said: str
) -> None:
    lines = len(Journal(filled.home(LATER).settings.journal).events())
    with pytest.raises((Misuse, NotThere), match=said):
        pipeline.release(filled.home("2023-04-10T09:00"), asked(**other))
    assert len(Journal(filled.home(LATER).settings.journal).events()) == lines
    assert frozen.names(filled.home(LATER).settings.releases) == []


def test_a_release_holds_the_quarters_rows_and_who_signed_them(released: Place) -> None:
    assert released.query("SELECT * EXCLUDE (gaps) FROM release") == [
        (
            "2023Q1",
            "2023Q1",
            dt.date(2023, 1, 1),
            dt.datetime.fromisoformat("2023-04-10T01:00"),  # 9 in Shanghai
            "王五",
            "赵六",
            "两个乡镇先行发布",
        )
    ]
    # What two townships owe has come; all other units' forms of three months have not.
    lacking = [
        (unit.code, form.name, month)
        for month in range(MARCH - 2, MARCH + 1)
        for unit in DECLARATION.reporting_units(month)
        if unit.code not in TOWNS
        for form in DECLARATION.due(unit.code, month)
    ]
    assert released.query("SELECT gaps FROM release") == [(len(lacking),)]
    live = released.query(
        "SELECT * EXCLUDE (maturity) FROM quarterly_indicator WHERE quarter = '2023Q1' ORDER BY ALL"
    )
    assert live
    assert (
        released.query(
            "SELECT * EXCLUDE (release, maturity) FROM released_indicator "
            "WHERE release = '2023Q1' AND maturity = 'released' ORDER BY ALL"
        )
        == live
    )
    assert released.query(
        "SELECT * EXCLUDE (release) FROM released_growth ORDER BY ALL"
    ) == released.query("SELECT * FROM growth WHERE quarter = '2023Q1' ORDER BY ALL")


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
    before = bytes_of(settings.releases / "2023Q1")
    assert pipeline.release(released.home(LATER), asked())["release"] == "2023Q1-2"
    named = pipeline.release(released.home(LATER), asked(release="final"))
    assert named["release"] == "final"
    with pytest.raises(Misuse, match="There is a release FINAL already"):
        pipeline.release(released.home(LATER), asked(release="FINAL"))
    assert frozen.names(settings.releases) == ["2023Q1", "2023Q1-2", "final"]
    assert bytes_of(settings.releases / "2023Q1") == before
    assert released.query("SELECT count(*) FROM release_revision") == [(0,)]


def test_fifty_later_corrections_and_a_rebuild_leave_the_same_bytes(
    released: Place, district: World
) -> None:
    home = released.home(LATER)
    before = bytes_of(home.settings.releases / "2023Q1")
    rows = released.query("SELECT * FROM released_indicator ORDER BY ALL")
    pairs = [(unit, MARCH - back) for back in range(13) for unit in TOWNS][:25]
    for turn in (1, 2):
        for number, (unit, month) in enumerate(pairs):
            given = district.returns[unit, month]
            value = district.amounts(unit, month)[FIGURE][0] + turn
            released.send(
                changed(given, FIGURE, value=value),
                f"{turn}-{number}.xlsx",
                f"2023-04-{10 + turn}T{10 + number // 6}:{number % 6}0",
            )
        released.night(f"2023-04-{10 + turn}T23:00")
    revised = "SELECT count(*) FROM release_revision WHERE figure = ?"
    assert released.query(revised, FIGURE) == [(50,)]
    corrected = released.tables()
    assert corrected["released_indicator"] == rows
    pipeline.rebuild(released.home("2024-04-10T09:00"))
    assert released.tables() == corrected
    assert bytes_of(home.settings.releases / "2023Q1") == before
    with reading(home.settings.warehouse) as connection:
        again = released_files(connection, "2023Q1")
    assert again == {name: each for name, each in before.items() if name != frozen.MANIFEST}


def test_every_file_has_its_hash_in_the_manifest_and_the_manifest_in_the_journal(
    released: Place,
) -> None:
    settings = released.home(LATER).settings
    files = bytes_of(settings.releases / "2023Q1")
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
    path = released.home(LATER).settings.releases / "2023Q1" / file
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"2023Q1", b"2023Q2", 1))
    with pytest.raises(NotThere, match="not what was released; restore them from the backup"):
        pipeline.rebuild(released.home(LATER))
    assert released.query("SELECT count(*) FROM release") == [(1,)]


def test_a_release_that_the_journal_has_lost_stops_a_rebuild(released: Place) -> None:
    settings = released.home(LATER).settings
    shutil.copytree(settings.releases / "2023Q1", settings.releases / "2022Q4")
    with pytest.raises(NotThere, match="does not name the release 2022Q4"):
        pipeline.rebuild(released.home(LATER))


def test_a_release_that_was_killed_is_there_as_soon_as_the_journal_has_it(
    filled: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = filled.copied(tmp_path / "home")
    home = place.home("2023-04-10T09:00")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Journal, "append", killed)
        with pytest.raises(KeyboardInterrupt):
            pipeline.release(home, asked())
    assert frozen.names(home.settings.releases) == []
    place.night("2023-04-10T23:00")
    assert place.query("SELECT count(*) FROM release") == [(0,)]
    with monkeypatch.context() as broken:
        broken.setattr(frozen, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            pipeline.release(home, asked())
    assert frozen.names(home.settings.releases) == []
    assert place.query("SELECT count(*) FROM release") == [(0,)]
    place.night("2023-04-11T23:00")
    assert frozen.names(home.settings.releases) == ["2023Q1"]
    assert place.query("SELECT release FROM release") == [("2023Q1",)]


def test_a_correction_shows_with_its_file_and_its_effect_on_totals_and_rates(
    released: Place, district: World
) -> None:
    old = district.amounts(TOWN, MARCH)[FIGURE][0]
    base, other = (
        district.amounts(unit, month)[FIGURE][0]
        for unit, month in ((TOWN, MARCH - 12), (TOWNS[1], MARCH))
    )
    other_base = district.amounts(TOWNS[1], MARCH - 12)[FIGURE][0]
    released.send(changed(district.returns[TOWN, MARCH], FIGURE, value=old + 2), "更正.xlsx")
    released.night("2023-04-12T23:00")
    assert released.query(
        "SELECT step, strftime(r.month, '%Y-%m'), r.unit_code, figure, old_value, new_value, "
        "old_mark, new_mark, s.file_name FROM release_revision r "
        "JOIN submission s ON s.submission = r.new_submission"
    ) == [(1, "2023-03", TOWN, FIGURE, old, old + 2, "reported", "reported", "更正.xlsx")]

    def effect(unit: str, measure: str) -> list[tuple[Decimal, Decimal]]:
        return released.query(
            "SELECT old_number, new_number FROM release_effect "
            "WHERE unit_code = ? AND indicator = ? AND measure = ?",
            unit,
            FIGURE,
            measure,
        )

    def rate(value: Decimal, against: Decimal) -> Decimal:
        return (100 * (value - against) / against).quantize(Decimal("1e-10"), "ROUND_HALF_UP")

    assert effect(TOWN, "value") == [(old, old + 2)]
    assert effect("500114", "value") == [(old + other, old + 2 + other)]
    assert effect(TOWN, "yoy") == [(rate(old, base), rate(old + 2, base))]
    # Townships are missing: the district has no rate before or after, and so no effect on it.
    assert effect("500114", "yoy") == []
    assert other_base > 0


def test_each_numbers_way_from_the_release_to_today_has_no_gap(
    released: Place, district: World
) -> None:
    for day, (unit, back, figure, plus) in enumerate(
        [
            (TOWN, 0, FIGURE, 2),
            (TOWN, 12, FIGURE, 1),
            (TOWNS[1], 3, "patients_surveyed", 3),
            (TOWN, 0, FIGURE, 5),
        ]
    ):
        given = district.returns[unit, MARCH - back]
        value = district.amounts(unit, MARCH - back)[figure][0] + plus
        released.send(changed(given, figure, value=value), f"{day}.xlsx", "2023-04-11T10:00")
    released.night("2023-04-11T23:00")
    pipeline.decide(
        released.home("2023-04-12T09:00"),
        {
            "event": "withdraw",
            "submission": released.query(
                "SELECT submission FROM submission WHERE file_name = '2.xlsx'"
            )[0][0],
            "form": "mental_rehabilitation",
            "reason": "误报",
            "by": "王五",
        },
    )
    numbers = """
        SELECT unit_code, indicator, 'value', value, NULL FROM {i} UNION ALL
        SELECT unit_code, indicator, 'year_to_date', year_to_date, NULL FROM {i} UNION ALL
        SELECT unit_code, indicator, comparison,
            CASE status WHEN 'points' THEN change ELSE rate END, status FROM {g}
    """
    released_numbers, today = (
        {row[:3]: row[3:] for row in rows}
        for rows in (
            released.query(numbers.format(i="released_indicator", g="released_growth")),
            released.query(
                numbers.format(
                    i="quarterly_indicator WHERE quarter = '2023Q1'",
                    g="growth WHERE quarter = '2023Q1'",
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
    assert released.query(
        "SELECT old_value, new_value FROM release_revision WHERE figure = 'patients_surveyed' "
        "ORDER BY step"
    ) == [
        (value, value + 3) if forth else (value + 3, value)
        for value in [district.amounts(TOWNS[1], MARCH - 3)["patients_surveyed"][0]]
        for forth in (True, False)
    ]


def test_another_formula_shows_as_a_revision_without_a_value(released: Place) -> None:
    before = released.query(
        "SELECT value FROM released_indicator WHERE indicator = 'complex_coverage' "
        "AND unit_code = '500114'"
    )
    reworded = Place(released.folder, "tests.releasing.reworded")
    reworded.night("2023-04-12T23:00")
    assert reworded.query("SELECT step, month, figure FROM release_revision") == [(1, None, None)]
    ((old, new),) = reworded.query(
        "SELECT old_number, new_number FROM release_effect "
        "WHERE indicator = 'complex_coverage' AND unit_code = '500114' AND measure = 'value'"
    )
    assert [(old,)] == before
    assert new != old
    others = "SELECT count(*) FROM release_effect WHERE indicator <> 'complex_coverage'"
    assert reworded.query(others) == [(0,)]
