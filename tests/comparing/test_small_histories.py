"""Histories of a few files, with what they come to written out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from schemas.declaring import periods
from schemas.declaring.district import Declaration
from tests.comparing.happening import Happening
from tests.comparing.histories import Plan
from tests.comparing.sending import Written
from tests.plain.events import Accept, Event, File, Filled, Night, Release, Withdraw
from tests.plain.history import History
from tests.plain.small import PEOPLE, TOWN_A, declare

JANUARY = periods.parse_month("2020-01")


def _district() -> Declaration:
    """One township, whose form is due on the fifth."""
    return replace(
        declare(PEOPLE, units=(TOWN_A,)),
        due_on=lambda month: periods.first_day(month + 1).replace(day=5),
    )


def _day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _file(people: int, arrived: str, month: int = JANUARY, **said: str) -> File:
    filled = Filled(Decimal(people), None, "reported", "form", "E5")
    verdict = said.pop("verdict", "accepted")
    sent = Written("form", {"people": filled}, (), verdict, **said)
    name = f"{people} {arrived} {month}"
    return File(name, _day(arrived), "901", month, name, (sent,))


def _told(*events: Event) -> History:
    history = History(_district(), 40)
    for event in events:
        history.apply(event)
    return history


def _happened(events: Sequence[Event], folder: Path, query: str) -> list[tuple[object, ...]]:
    """What the program has in its tables after the same events."""
    happening = Happening(Plan(0, _district(), list(events), [], 40), folder)
    for event in events:
        assert happening.happen(event)
    try:
        return happening.store.rows(query)
    finally:
        happening.store.close()


def _values(history: History) -> list[object]:
    return [row[4] for row in history.snapshots[-1].figures]


def test_the_last_accepted_version_is_in_force_and_a_held_one_changes_nothing() -> None:
    first, second = _file(5, "2020-02-01"), _file(7, "2020-02-20")
    held = _file(9, "2020-02-21", verdict="held")
    night = _day("2020-02-22")
    history = _told(Night(clock=night, files=(first, second, held)))
    assert _values(history) == [7]
    assert [row[3:5] for row in history.revisions] == [(5, 7)]
    assert [row[4:] for row in history.coverage()] == [(_day("2020-02-01"), "on_time")]


def test_what_is_withdrawn_gives_way_to_the_version_before_it() -> None:
    first, second = _file(5, "2020-02-01"), _file(7, "2020-02-20")
    history = _told(
        Night(clock=_day("2020-02-22"), files=(first, second)),
        Withdraw(clock=_day("2020-02-23"), file=second, form="form"),
    )
    assert _values(history) == [5]
    assert [row[3:5] for row in history.revisions] == [(5, 7), (7, 5)]
    assert [row[4] for row in history.at(_day("2020-02-22T12:00")).figures] == [7]


def _explained_late() -> tuple[File, File]:
    """Asked about in time; the same figure with its reason, two weeks later."""
    asked = _file(5, "2020-02-01", verdict="asked", question="why.")
    return asked, _file(5, "2020-02-20", question="why.", answer="moved in")


def test_a_late_explanation_of_what_came_in_time_keeps_it_in_time() -> None:
    history = _told(Night(clock=_day("2020-02-22"), files=_explained_late()))
    assert [row[4:] for row in history.coverage()] == [(_day("2020-02-01"), "on_time")]


def test_an_acceptance_taken_back_leaves_in_time_what_is_explained_late(tmp_path: Path) -> None:
    asked, explained = _explained_late()
    events = (
        Night(clock=_day("2020-02-03"), files=(asked,)),
        Accept(clock=_day("2020-02-04"), file=asked, form="form"),
        Withdraw(clock=_day("2020-02-05"), file=asked, form="form"),
        Night(clock=_day("2020-02-22"), files=(explained,)),
    )
    in_time = [(_day("2020-02-01"), "on_time")]
    assert [row[4:] for row in _told(*events).coverage()] == in_time
    query = "SELECT received_at, state FROM coverage WHERE month = DATE '2020-01-01'"
    assert _happened(events, tmp_path, query) == in_time


def test_a_correction_after_a_release_shows_what_it_did_to_each_number(tmp_path: Path) -> None:
    files = tuple(_file(10, "2020-04-02", JANUARY + step) for step in range(3))
    corrected = _file(12, "2020-04-20", JANUARY + 2)
    events = (
        Night(clock=_day("2020-04-03"), files=files),
        Release(
            clock=_day("2020-04-10"), release="2020Q1", quarter=2020 * 4,
            released_by="甲", approved_by=None, note="全",
        ),
        Night(clock=_day("2020-04-21"), files=(corrected,)),
    )  # fmt: skip
    ((released, _),) = _told(*events).releases
    people = [row[3:7] for row in released.revisions if row[4] == "people"]
    assert people == [("901", "people", 10, 12)]
    effects = [(*row[2:5], *row[5:7]) for row in released.effects]
    assert effects == [
        (unit, "people", measure, 10, 12)
        for unit in ("900", "901")
        for measure in ("value", "year_to_date")
    ]
    query = "SELECT unit_code, indicator, measure, old_number, new_number FROM release_effect"
    assert sorted(_happened(events, tmp_path, query)) == effects
