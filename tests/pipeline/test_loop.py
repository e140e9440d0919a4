"""Held, returned, put right or explained, accepted: a form's way, and what settles a query."""

from dataclasses import replace
from decimal import Decimal

import pytest

from flows import pipeline
from flows.demo.returns import Return
from flows.demo.world import World
from schemas.declaring import general
from tests.homes import TOWN, Place, changed, only

JANUARY = 2022 * 12
FIGURE = "severely_disabled_in_care"
FORM = "mental_rehabilitation"
LEDGER_FIGURE = "rehab_stations_operating"
REASON = "本月新开一处康复站，台账下月补录"
D = Decimal


@pytest.fixture
def given(district: World) -> Return:
    """A form whose figure is not what its ledger says: a query, whatever came before."""
    right = only(district.returns[TOWN, JANUARY], FORM, "facilities")
    return asking(right, D(41))


def asking(given: Return, value: Decimal, note: str = "") -> Return:
    return changed(given, LEDGER_FIGURE, value=value, note=note)


def states(place: Place, form: str = FORM) -> list[str]:
    return [
        state
        for (state,) in place.query(
            "SELECT f.state FROM submission_form f JOIN submission s USING (submission) "
            "WHERE f.form = ? ORDER BY s.received_at, s.file_name",
            form,
        )
    ]


def send(place: Place, given: Return, day: int, name: str) -> None:
    place.send(given, name, f"2022-02-{day:02d}T10:00")
    place.night(f"2022-02-{day:02d}T23:00")


def rebuilt_alike(place: Place) -> bool:
    before = place.tables()
    pipeline.rebuild(place.home("2024-01-01T00:00"))
    return place.tables() == before


def decide(place: Place, kind: str, name: str, at: str = "2022-02-20T09:00") -> None:
    ((submission,),) = place.query("SELECT submission FROM submission WHERE file_name = ?", name)
    event = {"event": kind, "submission": submission, "form": FORM, "reason": REASON, "by": "王五"}
    pipeline.decide(place.home(at), event)


def steps(place: Place) -> list[tuple[str, str]]:
    return place.query(
        "SELECT s.file_name, t.step FROM form_step t JOIN submission s USING (submission) "
        "WHERE t.form = ? ORDER BY t.step_at, t.step",
        FORM,
    )


def test_a_reason_settles_the_query_of_its_value_in_a_later_file_too(
    place: Place, given: Return
) -> None:
    send(place, given, 2, "1.xlsx")
    assert states(place) == ["held"]
    send(place, asking(given, D(41), REASON), 3, "2.xlsx")
    assert states(place) == ["held", "accepted"]
    # The same value without the reason, another figure corrected.
    send(place, changed(given, FIGURE, value=D(2)), 4, "3.xlsx")
    assert states(place) == ["held", "superseded", "accepted"]
    assert place.query(
        "SELECT explanation FROM finding JOIN submission USING (submission) "
        "WHERE rule = 'X01' AND file_name = '3.xlsx'"
    ) == [(REASON,)]
    send(place, asking(given, D(42)), 5, "4.xlsx")
    assert states(place) == ["held", "superseded", "accepted", "held"]
    assert rebuilt_alike(place)


def test_a_reason_left_standing_beside_another_value_is_none(place: Place, given: Return) -> None:
    send(place, asking(given, D(41), REASON), 2, "1.xlsx")
    send(place, asking(given, D(43), REASON), 3, "2.xlsx")
    assert states(place) == ["accepted", "held"]
    ((message,),) = place.query("SELECT message FROM finding WHERE explanation IS NULL")
    assert message.endswith("原有的说明是对另一个数作的；请就现在的数重新说明。")
    send(place, asking(given, D(43), "又新开了两处康复站"), 4, "3.xlsx")
    assert states(place) == ["superseded", "held", "accepted"]
    send(place, asking(given, D(41), REASON), 5, "4.xlsx")
    assert states(place)[-1] == "accepted", "of that value it was given"
    assert rebuilt_alike(place)


def test_what_came_in_the_same_night_is_heard_in_its_order(place: Place, given: Return) -> None:
    place.send(asking(given, D(41), REASON), "1.xlsx", "2022-02-02T10:00")
    place.send(given, "2.xlsx", "2022-02-02T11:00")
    place.send(asking(given, D(44)), "3.xlsx", "2022-02-02T12:00")
    place.night("2022-02-02T23:00")
    assert states(place) == ["superseded", "accepted", "held"]
    pipeline.backfill(place.home("2022-02-03T09:00"), JANUARY, JANUARY)
    assert states(place) == ["superseded", "accepted", "held"]
    assert rebuilt_alike(place)


def test_a_reason_of_a_withdrawn_form_counts_no_longer(place: Place, given: Return) -> None:
    send(place, asking(given, D(41), REASON), 2, "1.xlsx")
    decide(place, "withdraw", "1.xlsx", "2022-02-02T23:30")
    send(place, given, 3, "2.xlsx")
    assert states(place) == ["withdrawn", "held"]
    pipeline.backfill(place.home("2022-02-04T09:00"), JANUARY, JANUARY)
    assert states(place) == ["withdrawn", "held"]
    assert [step for _, step in steps(place)] == ["explained", "withdrawn", "held", "returned"]
    assert rebuilt_alike(place)


def test_the_analyst_accepts_what_only_queries_hold(place: Place, given: Return) -> None:
    send(place, given, 2, "1.xlsx")
    coverage = f"SELECT state FROM coverage WHERE form = '{FORM}' AND unit_code = '{TOWN}'"
    assert place.query(coverage) == [("held",)]
    decide(place, "accept", "1.xlsx")
    assert states(place) == ["accepted"]
    assert place.query(coverage) == [("on_time",)], "it came in time"
    value = f"SELECT value FROM monthly_figure WHERE figure = '{LEDGER_FIGURE}'"
    assert place.query(value) == [(D(41),)]
    assert place.query("SELECT kind, reason, decided_by FROM decision") == [
        ("accept", REASON, "王五")
    ]
    assert place.query("SELECT explanation FROM finding WHERE rule = 'X01'") == [(REASON,)]
    assert place.query("SELECT state FROM submission") == [("accepted",)]
    assert steps(place) == [
        ("1.xlsx", "held"),
        ("1.xlsx", "returned"),
        ("1.xlsx", "accepted_by_analyst"),
    ]
    pipeline.backfill(place.home("2022-02-21T09:00"), JANUARY, JANUARY)
    assert states(place) == ["accepted"]
    assert len(steps(place)) == 3, "a backfill that changes nothing is no step"
    assert rebuilt_alike(place)
    # The same value again is settled, another asks anew.
    send(place, changed(given, FIGURE, value=D(2)), 22, "2.xlsx")
    send(place, asking(given, D(45)), 23, "3.xlsx")
    assert states(place) == ["superseded", "accepted", "held"]


def test_an_older_version_that_is_accepted_does_not_take_over(place: Place, given: Return) -> None:
    send(place, given, 2, "1.xlsx")
    send(place, asking(given, D(42), REASON), 3, "2.xlsx")
    decide(place, "accept", "1.xlsx")
    assert states(place) == ["superseded", "accepted"]
    assert rebuilt_alike(place)


def test_an_error_is_not_accepted_whatever_is_decided(place: Place, given: Return) -> None:
    wrong = changed(given, FIGURE, value=D(-1))
    send(place, wrong, 2, "1.xlsx")
    decide(place, "accept", "1.xlsx")
    assert states(place) == ["held"]
    assert rebuilt_alike(place)


def test_the_steps_of_a_form_are_told(place: Place, given: Return) -> None:
    send(place, changed(given, FIGURE, value=D(-1)), 2, "1.xlsx")
    send(place, given, 3, "2.xlsx")
    send(place, asking(given, D(41), REASON), 4, "3.xlsx")
    assert steps(place) == [
        ("1.xlsx", "held"),
        ("1.xlsx", "returned"),
        ("2.xlsx", "held"),
        ("2.xlsx", "returned"),
        ("3.xlsx", "explained"),
    ]


def test_a_form_put_right_is_told_so(place: Place, district: World, given: Return) -> None:
    send(place, given, 2, "1.xlsx")
    send(place, only(district.returns[TOWN, JANUARY], FORM), 3, "2.xlsx")
    assert steps(place)[-1] == ("2.xlsx", "put_right")
    assert rebuilt_alike(place)


@pytest.mark.parametrize("value", [D(3_360_000), D(999_999_999_999)])
def test_a_large_value_that_was_explained_stops_no_later_night(
    place: Place, given: Return, value: Decimal
) -> None:
    send(place, asking(given, value, REASON), 2, "1.xlsx")
    send(place, asking(given, value), 3, "2.xlsx")
    assert states(place) == ["superseded", "accepted"]
    assert place.query(f"SELECT value FROM monthly_figure WHERE figure = '{LEDGER_FIGURE}'") == [
        (value,)
    ]


def test_acceptance_taken_back_leaves_in_time_what_came_in_time(
    place: Place, given: Return
) -> None:
    send(place, given, 2, "1.xlsx")
    send(place, asking(given, D(41), REASON), 8, "2.xlsx")
    coverage = f"SELECT state FROM coverage WHERE form = '{FORM}' AND unit_code = '{TOWN}'"
    for kind in ("accept", "withdraw"):
        assert place.query(coverage) == [("on_time",)]
        decide(place, kind, "1.xlsx")
    assert place.query(coverage) == [("on_time",)]
    assert rebuilt_alike(place)


def test_a_query_that_is_new_holds_an_accepted_form_again(
    place: Place, given: Return, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(place, given, 2, "1.xlsx")
    decide(place, "accept", "1.xlsx")
    new = replace(general.ACROSS, code="X99")
    monkeypatch.setattr(general, "ACROSS", new)
    pipeline.backfill(place.home("2022-02-21T09:00"), JANUARY, JANUARY)
    assert states(place) == ["held"]


def test_an_answered_query_does_not_ask_for_another_reason(place: Place, given: Return) -> None:
    send(place, asking(given, D(41), REASON), 2, "1.xlsx")
    send(place, asking(given, D(43), "新开了两处康复站"), 3, "2.xlsx")
    send(place, asking(given, D(43), REASON), 4, "3.xlsx")
    assert states(place)[-1] == "accepted"
    assert not place.query("SELECT 1 FROM finding WHERE message LIKE '%重新说明%'")
