import datetime as dt
import pickle
from collections import Counter
from pathlib import Path

import pytest

from flows.demo.arrivals import Arrival, make_arrivals, write_arrival
from flows.demo.workbook import Book, cell_of, write_workbook
from flows.demo.world import World
from schemas.declaration import DECLARATION
from tests.demo.reading import read_cell

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


@pytest.fixture(scope="module")
def arrivals(short: World) -> list[Arrival]:
    return make_arrivals(short, seed=3)


def test_the_same_seed_gives_the_same_arrivals(short: World, arrivals: list[Arrival]) -> None:
    assert make_arrivals(short, seed=3) == arrivals
    assert make_arrivals(short, seed=4) != arrivals


def test_they_come_in_order_under_names_of_their_own(arrivals: list[Arrival]) -> None:
    assert arrivals == sorted(arrivals, key=lambda each: each.at)
    assert max(Counter(each.file_name for each in arrivals).values()) == 1
    for each in arrivals:
        assert each.at.astimezone(SHANGHAI).date() == each.day
        assert each.at.utcoffset() == dt.timedelta(0)


def test_without_mistakes_everything_comes_right_and_in_time(short: World) -> None:
    clean = make_arrivals(short, seed=3, mistakes=False)
    sent: dict[tuple[str, int], list[object]] = {}
    for each in clean:
        assert each.planted == ()
        assert isinstance(each.content, Book)
        if each.kind == "targets":
            continue
        assert each.kind == "return"
        assert each.unit is not None
        assert each.month is not None
        assert each.day <= DECLARATION.due_on(each.month)
        sent.setdefault((each.unit, each.month), []).extend(each.content.content.sheets)
    for key, made in short.returns.items():
        assert len(sent[key]) == len(made.sheets)
        assert all(sheet in sent[key] for sheet in made.sheets)


def test_every_kind_of_trouble_occurs(arrivals: list[Arrival]) -> None:
    kinds = Counter(each.kind for each in arrivals)
    assert kinds["junk"] == 4
    assert kinds["targets"] == 3  # each year's table, and 2022's again at half-time
    assert kinds["correction"] > 5
    outcomes = Counter(each.outcome for arrival in arrivals for each in arrival.planted)
    assert set(outcomes) == {"corrected", "explained", "never"}
    late = [
        each
        for each in arrivals
        if each.kind == "return" and each.month and each.day > DECLARATION.due_on(each.month)
    ]
    assert 5 < len(late) < 80


def test_some_units_miss_the_last_month(short: World, arrivals: list[Arrival]) -> None:
    came = {each.unit for each in arrivals if each.month == short.last_month}
    assert len({unit for unit, _ in short.returns} - came) >= 1


def test_what_is_planted_stands_in_the_file(short: World, arrivals: list[Arrival]) -> None:
    for arrival in arrivals:
        for planted in arrival.planted:
            assert isinstance(arrival.content, Book)
            assert arrival.unit is not None
            assert arrival.month is not None
            book = arrival.content
            truth = Book(short.returns[arrival.unit, arrival.month], book.layout)
            place = cell_of(book, planted.form, planted.key, planted.column)
            right = cell_of(truth, planted.form, planted.key, planted.column)
            assert place[1] == right[1]
            if planted.anywhere:
                changed = book.content.only({planted.form})
                assert changed.sheets != truth.content.only({planted.form}).sheets
                continue
            assert read_cell(write_workbook(book), *place) != read_cell(
                write_workbook(truth), *right
            )


def test_what_is_put_right_comes_later_and_true(short: World, arrivals: list[Arrival]) -> None:
    corrections = {(each.unit, each.month): each for each in arrivals if each.kind == "correction"}
    corrected = 0
    for arrival in arrivals:
        for planted in arrival.planted:
            key = (arrival.unit, arrival.month)
            assert (key in corrections) == (planted.outcome == "corrected")
            if planted.outcome == "corrected":
                later = corrections[key]
                assert dt.timedelta(days=1) < later.at - arrival.at < dt.timedelta(days=10)
                assert isinstance(later.content, Book)
                sent = later.content.content.figure_sheet(planted.form)
                assert arrival.unit is not None
                assert arrival.month is not None
                true = short.returns[arrival.unit, arrival.month]
                assert sent == true.figure_sheet(planted.form)
                corrected += 1
    assert corrected == len(corrections)


def test_a_file_is_written_with_its_time(arrivals: list[Arrival], tmp_path: Path) -> None:
    seen = {each.kind: each for each in arrivals}
    for arrival in seen.values():
        path = write_arrival(arrival, tmp_path / "inbox" / str(arrival.day))
        assert path.name == arrival.file_name
        assert path.stat().st_mtime == arrival.at.timestamp()
    empty = next(each for each in arrivals if each.file_name == "空文件.xlsx")
    assert write_arrival(empty, tmp_path).read_bytes() == b""


def test_a_duplicate_is_the_very_bytes(short: World, tmp_path: Path) -> None:
    arrivals = [each for seed in range(4) for each in make_arrivals(short, seed)]
    twice = next(each for each in arrivals if each.kind == "duplicate")
    first = next(
        each for each in arrivals if each.file_name == twice.file_name.removeprefix("再报")
    )
    once, again = (write_arrival(each, tmp_path) for each in (first, twice))
    assert once.read_bytes() == again.read_bytes()


def test_arrivals_go_to_other_processes(arrivals: list[Arrival]) -> None:
    assert pickle.loads(pickle.dumps(arrivals[:50])) == arrivals[:50]
