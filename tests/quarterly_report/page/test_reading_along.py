"""The page as it is read: by mouse and by keyboard, from the district down to a cell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.page import page
from tests.quarterly_report.page.browser import Reader
from tests.quarterly_report.page.test_reading_back import HOSTILE, TOWN, hostile

PROGRAMME = "#/programme/social_assistance"
NUMBER = "#/number/assisted_people/500114"
UNITS_NUMBER = "#/number/assisted_people/500114001"


@pytest.fixture
def reader(browser: Browser, file: Path) -> Iterator[Reader]:
    found = Reader(browser, file)
    yield found
    found.page.close()
    assert found.wrong == []
    assert set(found.asked) <= {found.file}


def test_from_the_district_to_a_cell(reader: Reader) -> None:
    window = reader.page
    reader.arrive("概览")
    window.click(f'nav a[href="{PROGRAMME}"]')
    reader.arrive("民生")
    window.click(f'section.current a.v[href="{NUMBER}"]')
    reader.arrive("黔江区困难群众保障人数")
    assert reader.focused == "H2"
    window.click(f'section.current a.v[href="{UNITS_NUMBER}"]')
    reader.arrive("城东街道困难群众保障人数")
    cells = window.locator("section.current tr.own").first.locator("td").all_inner_texts()
    assert cells[2:5] == ["城东街道2023-03月报.xlsx", "社会救助月报表", "E16"]
    window.click(f'section.current .crumbs a[href="#/unit/{TOWN}"]')
    reader.arrive("城东街道")
    window.go_back()
    reader.arrive("城东街道困难群众保障人数")
    window.go_back()
    reader.arrive("黔江区困难群众保障人数")
    assert reader.focused == UNITS_NUMBER


def test_by_keyboard_alone(reader: Reader) -> None:
    keys = reader.page.keyboard
    keys.press("Tab")
    assert reader.focused == "#main"
    reader.tab_to(PROGRAMME)
    keys.press("Enter")
    reader.arrive("民生")
    reader.tab_to(NUMBER)
    keys.press("Enter")
    reader.arrive("黔江区困难群众保障人数")
    reader.tab_to(UNITS_NUMBER)
    keys.press("Enter")
    reader.arrive("城东街道困难群众保障人数")
    keys.press("Escape")
    reader.arrive("黔江区困难群众保障人数")
    assert reader.focused == UNITS_NUMBER


def test_a_unit_is_picked(reader: Reader) -> None:
    reader.open("#/unit/500114110")
    reader.arrive("金溪镇")
    reader.page.select_option("#pick", TOWN)
    reader.page.click("section.current .picker button")
    reader.arrive("城东街道")


def test_every_number_link_resolves_and_no_number_is_told_twice(reader: Reader) -> None:
    """Of views the script draws too: of a unit, of the district's number, of a unit's."""
    found: dict[str, str] = {}
    for address in ("#/overview", f"#/unit/{TOWN}", NUMBER, UNITS_NUMBER, "#/number/dibao_recipients/500114"):  # fmt: skip
        reader.open(address)
        shown, dead = reader.page.evaluate(
            """() => {
              const data = JSON.parse(document.getElementById('data').textContent);
              const own = (each) => { const copy = each.cloneNode(true);
                copy.querySelectorAll('.u').forEach((one) => one.remove());
                return copy.textContent.trim(); };
              return [Array.from(document.querySelectorAll('[data-n]')).map((each) => [each.dataset.n, own(each)]),
                Array.from(document.querySelectorAll('a[href^="#/number/"]')).map((each) => each.getAttribute('href'))
                  .filter((href) => { const [, , name, unit] = href.split('/'); return !(data.numbers[name] || {})[unit]; })];
            }"""
        )
        assert dead == []
        for key, text in shown:
            assert found.setdefault(key, text) == text, key


def test_hostile_names_stay_text(contents: Contents, browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    path.write_text(page(hostile(contents)), encoding="utf-8")
    reader = Reader(browser, path)
    for address in (UNITS_NUMBER, f"#/unit/{TOWN}", "#/findings", "#/reporting"):
        reader.open(address)
        assert "<img src=x onerror=alert(1)>" in reader.page.inner_text("section.current")
    assert reader.page.locator("img").count() == 0
    reader.open(UNITS_NUMBER)
    assert HOSTILE.split("\u2028")[0] in reader.page.inner_text("section.current tr.own >> nth=0")
    assert reader.wrong == []
    assert set(reader.asked) == {reader.file}
    reader.page.close()
