"""When a night is due, whether it was missed, and how long a run waits for another."""

import datetime as dt
import threading
from pathlib import Path

import pytest

from flows.errors import Locked
from flows.home import locked
from flows.nights import last_due, night_missed
from tests.homes import Place


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2023-04-05T18:00", "2023-04-05T18:00"),  # 02:00 of the 6th in Shanghai
        ("2023-04-05T17:59:59", "2023-04-04T18:00"),
        ("2023-04-06T17:00", "2023-04-05T18:00"),
        ("2023-01-01T00:30", "2022-12-31T18:00"),
    ],
)
def test_a_night_is_due_at_two_in_shanghai(moment: str, due: str) -> None:
    assert last_due(dt.datetime.fromisoformat(moment)) == dt.datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("kind", "began", "finished", "missed"),
    [
        ("nightly", "2023-04-05T18:00:00", True, False),
        ("nightly", "2023-04-06T10:00:00", True, False),  # by hand, since
        ("nightly", "2023-04-05T17:59:59", True, True),  # the night before
        ("nightly", "2023-04-05T18:00:00", False, True),  # killed
        ("backfill", "2023-04-05T19:00:00", True, True),
    ],
)
def test_a_night_is_missed_that_no_run_has_ended(
    place: Place, kind: str, began: str, finished: bool, missed: bool
) -> None:
    home = place.home("2023-04-06T21:00")
    assert night_missed(home)
    home.journal.append({"event": "run", "run": "1", "kind": kind, "started_at": f"{began}.0Z"})
    if finished:
        home.journal.append({"event": "finished", "run": "1", "finished_at": f"{began}.9Z"})
    assert night_missed(home) is missed


def test_a_run_that_waits_goes_on_when_the_other_has_ended(place: Place) -> None:
    home, taken, done = place.home("2023-04-06"), threading.Event(), threading.Event()

    def other() -> None:
        with locked(home):
            taken.set()
            done.wait(10)

    thread = threading.Thread(target=other)
    thread.start()
    taken.wait(10)
    with (
        pytest.raises(Locked, match=r"^Another run is at work in this home; try again"),
        locked(home),
    ):
        pass
    with pytest.raises(Locked, match="for all of the 0 seconds"), locked(home, 0.1):
        pass
    threading.Timer(0.3, done.set).start()
    with locked(home, 10):
        thread.join()


def test_only_what_the_service_runs_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import recording

    assert recording.patience() == 0
    monkeypatch.setenv("PREFECT__RUNTIME__DEPLOYMENT__ID", "every-night")
    assert recording.patience() == 2 * 60 * 60
