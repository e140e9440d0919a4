"""One service for all tests here, started anew after it was killed in the middle of a night.

Where there is no browser, what is seen in one is not collected; in CI that fails in
tests/quarterly_report/page.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from flows.home import locked
from tests.homes import Place
from tests.prefect.district import NOW, drop, post
from tests.prefect.service.served import Service, until
from tests.quarterly_report.page import browser as chromium

NEXT_MORNING = "2023-04-07T09:00"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    unseen = collection_path.name == "test_in_the_browser.py" and chromium.why_absent()
    return True if unseen else None


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose predecessor was killed days ago while a night of its was at work.

    That night waited for a run by hand, which held the home's lock.
    """
    home = tmp_path_factory.mktemp("served")
    drop(home, post())
    first = Service(home, NOW)
    try:
        with locked(Place(home).home(NOW)):
            until(lambda: first.states("nightly/every-night") == ["Running"])
            until(lambda: len(first.runs("report/every-morning")) >= 3)
            first.kill()
    except BaseException:
        first.kill()
        raise
    assert first.events("nightly") == []
    assert first.let_days_pass(5) >= 6
    second = Service(home, NEXT_MORNING)
    try:
        yield second
    finally:
        stopped = second.stop()
    assert stopped == 0
    said = second.log.read_text(encoding="utf-8")
    assert f"Prefect's pages: {second.pages} (Ctrl-C stops)\n" in said
    assert "Warning" not in said
    assert "Traceback" not in said


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.running() as found:
        yield found
