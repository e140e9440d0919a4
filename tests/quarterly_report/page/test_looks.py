"""How the page looks: to assistive technology, on a phone, on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.quarterly_report.page.browser import VIEWS, Reader

SECTIONS = ("#/programme/social_assistance", "#/reporting", "#/definitions", "#/targets")

# What is right need not be listed: that takes as long as finding what is wrong.
ASKED = {"resultTypes": ["violations"], "preload": False}
# The themes differ in colours only.
COLOURS = ASKED | {"runOnly": ["color-contrast"]}


@pytest.mark.parametrize(("scheme", "asked"), [("light", ASKED), ("dark", COLOURS)])
def test_nothing_bars_a_reader(
    browser: Browser, file: Path, scheme: str, asked: dict[str, Any]
) -> None:
    reader = Reader(browser, file, color_scheme=scheme)
    for view in VIEWS:
        reader.open(view)
        found = Axe().run(reader.page, options=asked).response["violations"]
        grave = [
            (each["id"], [node["target"] for node in each["nodes"]][:3])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]
        assert grave == [], view
    reader.page.close()


def test_a_phone_scrolls_no_page_sideways(browser: Browser, file: Path) -> None:
    reader = Reader(browser, file, viewport={"width": 360, "height": 640})
    for view in (*VIEWS, *SECTIONS):
        reader.open(view)
        wide = reader.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, view
    reader.page.click("#menu")
    assert reader.page.is_visible('nav a[href="#/units"]')
    reader.page.keyboard.press("Escape")
    assert not reader.page.is_visible('nav a[href="#/units"]')
    reader.page.close()


def test_paper_shows_all_sections(browser: Browser, file: Path) -> None:
    reader = Reader(browser, file)
    reader.page.emulate_media(media="print")
    assert reader.page.locator("section.page:visible").count() >= 16
    assert not reader.page.is_visible("nav")
    reader.page.close()


def test_the_theme_is_turned(browser: Browser, file: Path) -> None:
    reader = Reader(browser, file)
    before = reader.page.evaluate("getComputedStyle(document.body).backgroundColor")
    reader.page.click("#theme")
    assert reader.page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    reader.page.close()
    assert reader.wrong == []


def test_it_is_read_without_scripts(browser: Browser, file: Path) -> None:
    reader = Reader(browser, file, java_script_enabled=False)
    assert reader.page.locator("section.page:visible").count() >= 16
    reader.page.close()
