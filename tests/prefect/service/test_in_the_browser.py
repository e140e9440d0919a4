"""The service as it is worked with: Prefect's pages in a browser."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.homes import Place
from tests.prefect.service.served import Service, until

OWNED = "document.title='owned'"
HOSTILE = (
    f"<img src=x onerror={OWNED}>.xlsx",
    f"<script>{OWNED}<script>.xlsx",
    "![图](x.png)|[点](javascript:alert(1))\\.xlsx",
    "&lt;b&gt;_粗_ `码` {{ 1 + 1 }}.xlsx",
)
ARTIFACT = 'a[href*="/artifacts/artifact/"]'


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    """A window in which nothing goes wrong and nothing is asked of any other machine."""
    window = browser.new_page(viewport={"width": 1280, "height": 1200})
    window.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    asked: list[str] = []
    wrong: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    window.on("pageerror", lambda error: wrong.append(str(error)))
    window.on("dialog", lambda dialog: wrong.append(dialog.message))
    yield window
    window.close()
    assert wrong == []
    hosts = {urlsplit(each.removeprefix("blob:")).netloc for each in asked}
    assert hosts <= {urlsplit(service.pages).netloc}
    assert [each for each in asked if each.endswith(("/x", "/x.png"))] == []


def _field(page: Page, name: str) -> Locator:
    return page.locator(".schema-form-property", has_text=name).locator("textarea")


def _see_artifact(page: Page, service: Service, run: str) -> None:
    """Go from the run's page to what it has left."""
    page.goto(f"{service.pages}/runs/flow-run/{run}")
    expect(page.get_by_text("Completed", exact=True).first).to_be_visible(timeout=60_000)
    page.get_by_text("Artifacts", exact=True).click()
    page.locator(ARTIFACT).first.click()
    expect(page.get_by_text("Files that could not be read or placed")).to_be_visible()


def _cells(page: Page) -> list[str]:
    return page.locator("td").all_inner_texts()


def test_a_backfill_is_started_from_its_form(page: Page, service: Service) -> None:
    until(lambda: service.states("nightly/every-night").count("Completed") >= 1)
    page.goto(f"{service.pages}/deployments")
    row = page.locator("tr", has_text="backfill")
    row.get_by_text("on-request").click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Custom run").click()
    _field(page, "first_month").fill("2023-3")
    _field(page, "last_month").fill("2023-03")
    page.get_by_role("button", name="Submit").click()
    refused = "Validation failed for field 'first_month'. Failure reason: '2023-3' does not match"
    expect(page.get_by_text(refused).first).to_be_visible()
    earlier = service.runs("backfill/on-request")
    _field(page, "first_month").fill("2023-03")
    page.locator(".schema-form-property", has_text="units").get_by_text("Add item").click()
    _field(page, "units").fill("石会镇")
    _field(page, "note").fill("试运行 <b>")
    form = page.url
    # The page takes no click while it is still busy with the refusal; after one it goes elsewhere.
    for _ in range(10):
        page.get_by_role("button", name="Submit").click()
        page.wait_for_timeout(2000)
        if page.url != form:
            break
    (run,) = until(
        lambda: [each for each in service.runs("backfill/on-request") if each not in earlier], 30
    )
    assert run["parameters"] == {
        "first_month": "2023-03",
        "last_month": "2023-03",
        "units": ["石会镇"],
        "forms": [],
        "note": "试运行 <b>",
    }
    _see_artifact(page, service, run["id"])
    expect(page.get_by_text(re.compile("^Backfill 20230407T010000-"))).to_be_visible()
    assert _cells(page)[6:10] == ["石会镇", "2023-03", "social_assistance", "1"]
    assert Place(service.home).query(
        "SELECT received, held FROM main.run WHERE kind = 'backfill'"
    ) == [(1, 1)]


def test_a_night_by_schedule_shows_the_names_of_files_as_text(page: Page, service: Service) -> None:
    deployment = service.deployment("nightly/every-night")
    for name in HOSTILE:
        Place(service.home).drop(name, b"<html>504 Gateway Time-out</html>" + name.encode())
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=4)
    # A cron of six fields, the last of them seconds: one moment in a year.
    cron = f"{soon:%M %H %d %m} * {soon:%S}"
    schedule = {"schedule": {"cron": cron, "timezone": "UTC"}, "active": True}
    service.ask(f"/deployments/{deployment}/schedules", [schedule])
    # The server looks for new schedules once a minute, or when told to.
    service.ask(f"/deployments/{deployment}/schedule", {"min_runs": 1, "max_runs": 4})
    moment = f"{soon:%Y-%m-%dT%H:%M:%S}"
    runs = service.runs("nightly/every-night")
    (run,) = [each for each in runs if each["expected_start_time"][:19] == moment]
    assert run["auto_scheduled"]
    _see_artifact(page, service, run["id"])
    cells = _cells(page)
    assert cells[:3] == [str(len(HOSTILE)), "0", "0"]
    assert set(HOSTILE) <= set(cells)
    assert page.title() != "owned"
    assert page.locator("main img, .markdown-renderer img, .markdown-renderer script").count() == 0
