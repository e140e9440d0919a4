"""A night and a backfill recorded by a real Prefect server."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from flows import pipeline
from flows.errors import Locked, Misuse, Trouble
from flows.home import locked, open_home
from flows.reporting.night import plain
from flows.settings import load_settings
from flows.warehouse.store import Store, reading
from flows.warehouse.tables import public_tables
from schemas.declaration import DECLARATION
from tests.prefect.district import BROKEN, HELD, drop, post, set_clock

STAGES = ["collect", "read", "check and load", "indicators", "return", "publish", "send"]


@pytest.fixture(scope="module")
def night(api: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Any]]:
    """A home after a night under Prefect, and what the flow returned."""
    from flows.nightly import nightly_flow

    home = tmp_path_factory.mktemp("recorded")
    drop(home, post())
    with pytest.MonkeyPatch.context() as patch:
        set_clock(patch)
        yield home, nightly_flow(str(home))


def _last_run(flow: str) -> Any:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName
    from prefect.client.schemas.sorting import FlowRunSort

    with get_client(sync_client=True) as client:
        return client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[flow])),
            sort=FlowRunSort.START_TIME_DESC,
            limit=1,
        )[0]


def _stages(run: UUID) -> list[tuple[str, str]]:
    """The run's task runs (name without its number, state) in order of their start."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    with get_client(sync_client=True) as client:
        found = client.read_task_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run])))
    found.sort(key=lambda each: (each.start_time is None, each.start_time))
    return [(each.name.rsplit("-", 1)[0], each.state_name or "") for each in found]


def _until(ready: Callable[[], object], seconds: float) -> object:
    until = time.monotonic() + seconds
    while not (found := ready()) and time.monotonic() < until:
        time.sleep(0.5)
    return found


def test_the_stages_are_task_runs(night: tuple[Path, Any]) -> None:
    run = _last_run("nightly").id
    # Task runs reach the server as events, some moments after the flow has ended.
    expected = [(stage, "Completed") for stage in STAGES]
    _until(lambda: _stages(run) == expected, 20)
    assert _stages(run) == expected


def test_the_page_says_what_came_and_who_is_missing(night: tuple[Path, Any]) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

    _, summary = night
    with get_client(sync_client=True) as client:
        # Nights of other tests may have left theirs on the same server.
        artifact, *_ = (
            each
            for each in client.read_artifacts(
                artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=["night"]))
            )
            if plain(BROKEN) in str(each.data)
        )
    assert artifact.type == "markdown"
    page = str(artifact.data)
    assert f"| {plain(BROKEN)} | unreadable |" in page
    assert "| 石会镇 | 2023\\-03 | social\\_assistance | 1 |" in page
    assert "| 2023\\-03 | 城东街道 |" in page
    assert "濯水镇" not in page  # all of its forms came and were accepted
    assert (summary["received"], summary["held"]) == (3, 1)
    assert [each["unit_code"] for each in summary["held_forms"]] == [HELD]
    assert [each["file_name"] for each in summary["files_with_trouble"]] == [BROKEN]


def test_the_tables_are_those_of_a_night_without_prefect(
    night: tuple[Path, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(tmp_path, post())
    monkeypatch.setenv("MINZHENG_HOME", str(tmp_path))
    settings = load_settings()
    pipeline.nightly(open_home(settings))
    recorded = night[0] / settings.warehouse.relative_to(tmp_path)
    with reading(recorded) as one, reading(settings.warehouse) as other:
        for table in public_tables(DECLARATION):
            left_out = "EXCLUDE (finished_at)" if table.name == "run" else ""
            query = f'SELECT * {left_out} FROM main."{table.name}" ORDER BY ALL'
            assert one.execute(query).fetchall() == other.execute(query).fetchall(), table.name
        assert one.execute("FROM main.monthly_figure").fetchone() is not None


def test_a_locked_home_ends_in_one_line(night: tuple[Path, Any]) -> None:
    from flows.nightly import nightly_flow
    from flows.recording import home_at

    with locked(home_at(str(night[0]))), pytest.raises(Locked) as refused:
        nightly_flow(str(night[0]))
    run = _last_run("nightly")
    assert (run.state_name, run.state.message) == ("Failed", str(refused.value))


def test_a_night_of_the_service_fails_in_one_line_when_its_wait_is_over(
    night: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import nightly, recording

    monkeypatch.setenv("PREFECT__RUNTIME__DEPLOYMENT__ID", "every-night")
    monkeypatch.setattr(recording, "WAIT_SECONDS", 1)
    with locked(recording.home_at(str(night[0]))), pytest.raises(Locked) as refused:
        nightly.nightly_flow(str(night[0]))
    run = _last_run("nightly")
    assert (run.state_name, run.state.message) == ("Failed", str(refused.value))
    assert str(refused.value) == (
        "Another run was at work in this home for all of the 1 seconds that this one waited; "
        "start it again when that has finished."
    )


def test_trouble_in_a_stage_fails_the_night(
    api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.nightly import nightly_flow

    def refused(store: Store, published: Path) -> None:
        store.close()
        raise Trouble(f"{published.name} is open in another program.")

    set_clock(monkeypatch)
    monkeypatch.setattr(pipeline, "publish", refused)
    with pytest.raises(Trouble, match=r"minzheng\.duckdb is open"):
        nightly_flow(str(tmp_path))
    run = _last_run("nightly")
    assert (run.state_name, run.state.message) == (
        "Failed",
        "minzheng.duckdb is open in another program.",
    )
    expected = [*((stage, "Completed") for stage in STAGES[:-2]), ("publish", "Failed")]
    _until(lambda: _stages(run.id) == expected, 20)
    assert _stages(run.id) == expected


def test_collecting_is_tried_again_where_a_folder_fails(
    api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import nightly, recording

    times = 0
    collect = pipeline.collect

    def failing(*given: Any) -> object:
        nonlocal times
        times += 1
        if times < 3:
            raise PermissionError("the share is away")
        return collect(*given)

    drop(tmp_path, post())
    set_clock(monkeypatch)
    monkeypatch.setattr(pipeline, "collect", failing)
    monkeypatch.setattr(recording, "PAUSES", (0, 0))
    assert nightly.nightly_flow(str(tmp_path))["received"] == 3


def test_a_backfill_refuses_what_it_does_not_know(
    night: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.exceptions import ParameterTypeError

    from flows.backfill import backfill_flow

    monkeypatch.setenv("MINZHENG_HOME", str(night[0]))
    with pytest.raises(Misuse, match="There is no unit 无名镇; write"):
        backfill_flow("2023-03", "2023-03", units=("石会镇", "无名镇"))
    with pytest.raises(Misuse, match="There is no form nothing; known: social_assistance"):
        backfill_flow("2023-03", "2023-03", forms=("nothing",))
    with pytest.raises(ParameterTypeError, match="first_month"):
        backfill_flow("2023-3", "2023-03")
