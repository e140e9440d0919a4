"""Clients of three versions read the published file while nights write the next one."""

import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.clients.clients import Client, Reader, published_state
from tests.clients.conftest import FIRST, LAST, Nights

Span = tuple[float, float]


class Watched(NamedTuple):
    """Nights, the states they published, and what readers saw meanwhile."""

    spans: list[Span]
    states: list[list[list[str]]]
    opened: dict[str, list[dict[str, Any]]]
    held: dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def watched(
    clients: dict[str, Client],
    nights_in: Callable[[Path], Nights],
    tmp_path_factory: pytest.TempPathFactory,
) -> Watched:
    if sys.platform == "win32":
        pytest.skip("Windows does not replace a file that a reader holds open.")
    folder = tmp_path_factory.mktemp("watched")
    nights = nights_in(folder)
    nights.run(*range(FIRST, FIRST + 3))
    spans: list[Span] = []
    states = [published_state(nights.warehouse)]
    stop = folder / "stop"
    readers: dict[str, list[Reader]] = {"opening": [], "holding": []}
    try:
        for what, started in readers.items():
            for client in clients.values():
                started.append(Reader.start(client, what, nights.warehouse, stop))
        for month in range(FIRST + 3, LAST + 1):
            begun = time.monotonic()
            nights.run(month)
            spans.append((begun, time.monotonic()))
            states.append(published_state(nights.warehouse))
        _wait_for_another_read([*readers["opening"], *readers["holding"]])
    finally:
        stop.touch()
    opened, held = (
        {each.client.version: each.finish() for each in readers[what]} for what in readers
    )
    return Watched(spans, states, opened, held)


def _wait_for_another_read(readers: list[Reader], seconds: float = 20) -> None:
    seen = [len(each.reads) for each in readers]
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(
        len(each.reads) < count + 2 and each.process.poll() is None
        for each, count in zip(readers, seen, strict=True)
    ):
        time.sleep(0.02)


def test_the_nights_publish_different_states(watched: Watched) -> None:
    assert all(before != after for before, after in pairwise(watched.states))
    for rows in zip(*watched.states, strict=True):
        assert any(before != after for before, after in pairwise(rows))


def test_every_read_is_one_published_state(watched: Watched) -> None:
    for version, reads in watched.opened.items():
        order = [watched.states.index(read["state"]) for read in reads]
        assert order == sorted(order), version
        assert order[-1] == len(watched.states) - 1, version
        assert len(set(order)) > 2, version


def test_a_read_begun_after_a_night_sees_it(watched: Watched) -> None:
    for reads in watched.opened.values():
        for read in reads:
            ended = sum(end <= read["begun"] for _, end in watched.spans)
            begun = sum(begin < read["ended"] for begin, _ in watched.spans)
            assert ended <= watched.states.index(read["state"]) <= begun


def test_readers_do_not_wait_for_a_night(watched: Watched) -> None:
    shortest = min(end - begin for begin, end in watched.spans)
    for version, reads in watched.opened.items():
        longest = max(read["ended"] - read["begun"] for read in reads)
        assert longest < shortest / 2, (version, longest, shortest)
        for begin, end in watched.spans:
            within = [read for read in reads if begin < read["begun"] and read["ended"] < end]
            assert within, (version, begin, end)


def test_nights_do_not_wait_for_a_reader_that_keeps_the_file_open(watched: Watched) -> None:
    for version, reads in watched.held.items():
        assert reads[0]["begun"] < watched.spans[0][0], version
        assert reads[-1]["begun"] > watched.spans[-1][1], version
        assert all(read["state"] == watched.states[0] for read in reads), version
