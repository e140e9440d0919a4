"""A service that was killed, and what it does when it is started days later."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from httpx import HTTPStatusError

from flows.cli import program
from flows.errors import LOCKED
from flows.home import locked
from tests.homes import Place
from tests.prefect.service.conftest import NEXT_MORNING
from tests.prefect.service.served import SECRETS, Service, until

NIGHT = "nightly/every-night"
OVERDUE = "The service was not running when this was due; start it anew if it is still wanted."


@pytest.fixture
def settled(service: Service) -> Service:
    """The service with its missed night made up for."""
    until(lambda: service.states(NIGHT).count("Completed") >= 1)
    return service


def test_one_night_makes_up_for_all_that_were_missed(settled: Service) -> None:
    assert settled.runs("report/every-morning")
    runs = {
        name: [each for each in settled.runs(name) if each["state_type"] != "SCHEDULED"]
        for name in (NIGHT, "report/every-morning")
    }
    overdue = [each for each in runs[NIGHT] if each["state_name"] == "Cancelled"]
    assert len(overdue) >= 3
    assert {each["run_count"] for each in overdue} == {0}
    # The server itself cancels what it finds late while a killed run seems to be at work.
    said = {each["state"]["message"] for each in overdue}
    assert said <= {OVERDUE, "Deployment concurrency limit reached."}
    assert {each["state_name"] for each in runs["report/every-morning"]} == {"Cancelled"}
    assert len(settled.events("nightly")) == 1


def test_what_was_at_work_is_said_to_have_crashed_and_keeps_no_slot(settled: Service) -> None:
    (crashed,) = [each for each in settled.runs(NIGHT) if each["state_name"] == "Crashed"]
    assert crashed["state"]["message"] == "The service was ended before this run was."
    # The night after it was not refused; nothing is at work now.
    taken = [each["active_slots"] for each in settled.ask("/v2/concurrency_limits/filter", {})]
    assert taken == [0, 0, 0, 0]


def test_nights_wait_for_what_was_started_by_hand_and_for_each_other(settled: Service) -> None:
    place = Place(settled.home)
    before, nights = place.tables(), len(settled.events("nightly"))
    with locked(place.home(NEXT_MORNING)):
        one, other = settled.start(NIGHT), settled.start(NIGHT)
        settled.wait(one, "Running")
        assert len(settled.events("nightly")) == nights
    assert settled.wait(one, "Completed", "Failed")["state_name"] == "Completed"
    last = settled.wait(other, "Completed", "Failed", "Cancelled")["state_name"]
    assert last != "Failed"
    assert len(settled.events("nightly")) == nights + (2 if last == "Completed" else 1)
    assert place.tables() == before


def test_a_second_service_in_the_home_is_refused_at_once(service: Service) -> None:
    here: dict[str, str | None] = {"MINZHENG_HOME": str(service.home)}
    told = CliRunner().invoke(program, ["serve"], env=here)
    assert (told.exit_code, told.stdout) == (LOCKED, "")
    assert told.stderr == (
        f"minzheng: Another `minzheng serve` is at work in {service.home}; "
        "use its pages, or stop it first.\n"
    )


def test_nights_are_planned_for_two_and_no_backfill_takes_a_wrong_month(service: Service) -> None:
    planned = until(lambda: [e for e in service.runs(NIGHT) if e["state_name"] == "Scheduled"])
    times = {each["expected_start_time"][11:16] for each in planned}
    assert times == {"18:00"}  # UTC: 02:00 in Shanghai
    with pytest.raises(HTTPStatusError, match="409 Conflict"):
        service.start("backfill/on-request", first_month="2023-3", last_month="2023-03")


def test_nothing_secret_reaches_the_server(settled: Service) -> None:
    service, server = settled.family()[:2]
    mine, its = (Path(f"/proc/{pid}/environ").read_bytes() for pid in (service, server))
    assert b"flows.watched_server" in Path(f"/proc/{server}/cmdline").read_bytes()
    assert b"MINZHENG_" not in its
    folder = settled.home / "data/prefect"
    assert folder.stat().st_mode & 0o777 == 0o700
    kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert folder / "prefect.db" in kept
    kept[settled.log] = settled.log.read_bytes()
    for asked in ("deployments", "flow_runs", "task_runs", "artifacts", "logs", "variables"):
        answer = settled.ask(f"/{asked}/filter", {})
        kept[Path(asked)] = repr(answer).encode()
    assert len(kept[Path("flow_runs")]) > 1000
    for secret in SECRETS.values():
        assert secret.encode() in mine  # the runs have need of them
        assert [path for path, content in kept.items() if secret.encode() in content] == []
