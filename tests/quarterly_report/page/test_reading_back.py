"""What is read from a page is what was printed on it."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest
from lxml import html as markup
from markupsafe import Markup

import flows.quarterly_report.page as package
from flows.quarterly_report.contents import Contents
from flows.quarterly_report.page import page
from flows.quarterly_report.page.packing import json_for_script
from flows.quarterly_report.page.reading_back import numbers_on
from flows.quarterly_report.short_wording import signed
from flows.quarterly_report.wording import printed
from schemas.declaring.model import Unit

DISTRICT, TOWN = "500114", "500114001"
HOSTILE = "</script><img src=x onerror=alert(1)>&\"'\u2028<!--"
PAGE = """<html><body><a data-n="a/1/value"> −1,234<span class="u">人</span></a>
<b data-n="a/1/yoy.rate">+5.2<i class="x u">%</i></b>{more}
<script type="application/json" id="data">{data}</script></body></html>"""
DATA = {
    "district": "1",
    "numbers": {
        "a": {
            "1": [
                ["-1,234", "—", 0, 0, 3, 1, 1],
                [[0, 0, 0, 0, 0, 0, 0, "", "-1,234", "", "", "+5.2"], 0, 0, 0],
                [],
            ]
        }
    },
    "targets": {"a": {"numbers": [["目标", "target", "7", "人"]]}},
}


def of(more: str = "") -> str:
    return PAGE.format(more=more, data=json.dumps(DATA))


def test_elements_and_data_are_read() -> None:
    assert numbers_on(of()) == {
        "a/1/value": "-1,234",
        "a/1/year_to_date": "—",
        "a/1/yoy.value": "-1,234",
        "a/1/yoy.rate": "+5.2",
        "a/1/target": "7",
    }


def test_two_texts_of_one_number_are_refused() -> None:
    with pytest.raises(ValueError, match="a/1/value is -1,234 and 5"):
        numbers_on(of('<i data-n="a/1/value">5</i>'))


def test_every_number_of_the_contents_is_on_the_page(contents: Contents, html: str) -> None:
    on_page = numbers_on(html)
    for (quarter, unit, name), level in contents.levels.items():
        if quarter == contents.quarter:
            for measure in ("value", "year_to_date"):
                value = getattr(level, measure)
                places = contents.items[name].places
                hidden = "＊" if level.suppressed else "—"
                said = hidden if value is None else printed(value, places, "half_up", grouped=True)
                assert on_page[f"{name}/{unit}/{measure}"] == said
    for (quarter, unit, name, comparison), growth in contents.growth.items():
        if quarter == contents.quarter and growth.rate is not None:
            assert on_page[f"{name}/{unit}/{comparison}.rate"] == signed(growth.rate, 1, "half_up")


def test_what_is_withheld_is_nowhere(contents: Contents, html: str) -> None:
    on_page = numbers_on(html)
    hidden = [
        (unit, name, comparison)
        for (quarter, unit, name, comparison), growth in contents.growth.items()
        if quarter == contents.quarter and growth.status == "suppressed"
    ]
    assert hidden
    for unit, name, comparison in hidden:
        for measure in ("value", "base", "change", "rate"):
            assert on_page[f"{name}/{unit}/{comparison}.{measure}"] == "＊"


def test_a_release_shows_its_targets(released: Contents) -> None:
    html = page(released)
    on_page = numbers_on(html)
    assert released.targets
    for target in released.targets:
        if target.lead is not None:
            said = signed(target.lead, 1, "half_up")
            assert on_page[f"{target.indicator}/{DISTRICT}/lead"] == said
    text = markup.document_fromstring(html).text_content()
    assert "签发" in text
    assert "王五" in text


def test_two_builds_are_alike_and_small(contents: Contents, html: str) -> None:
    assert page(contents) == html
    # The few units are a sixth of a district.
    assert len(html.encode()) < 600_000


def test_prose_has_a_section_of_its_own(contents: Contents, html: str) -> None:
    tree = markup.document_fromstring(page(contents, Markup("<p>一、概述</p>")))
    (section,) = tree.xpath('//section[@id="/prose"]')
    assert "一、概述" in section.text_content()
    assert tree.xpath('//nav//a[@href="#/prose"]')
    assert "文字报告" not in html


def test_every_link_to_a_number_leads_to_one(html: str) -> None:
    tree = markup.document_fromstring(html)
    data = json.loads(tree.xpath('//script[@id="data"]')[0].text)
    sections = set(tree.xpath("//section/@id"))
    links = set(tree.xpath('//a[starts-with(@href, "#/")]/@href'))
    assert links
    for link in links:
        kind, *rest = link[2:].split("/")
        if kind == "number":
            assert rest[1] in data["numbers"][rest[0]], link
        elif kind == "unit":
            assert rest[0] in dict(data["units"]), link
        else:
            assert link[1:] in sections, link


def test_nothing_is_styled_or_run_inline(html: str) -> None:
    tree = markup.document_fromstring(html)
    assert not tree.xpath("//@style")
    assert not tree.xpath('//@*[starts-with(name(), "on")]')
    policy = tree.xpath("//meta[@http-equiv]/@content")[0]
    assert "unsafe" not in policy
    assert policy.count("'sha256-") == 3
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


def hostile(contents: Contents) -> Contents:
    """The contents with markup in the names of a unit, a file, a sheet, and in a message."""
    declaration = contents.declaration
    units = tuple(
        dataclasses.replace(unit, name=HOSTILE) if unit.code == TOWN else unit
        for unit in declaration.units
    )
    assert all(isinstance(unit, Unit) for unit in units)
    return dataclasses.replace(
        contents,
        declaration=dataclasses.replace(declaration, units=units),
        files={
            name: file._replace(file_name=HOSTILE + "file") for name, file in contents.files.items()
        },
        places={
            key: place._replace(sheet=HOSTILE + "sheet") for key, place in contents.places.items()
        },
        findings=tuple(
            found._replace(unit_code=TOWN, message=HOSTILE + "message")
            for found in contents.findings
        ),
    )


def test_hostile_names_end_no_element(contents: Contents, html: str) -> None:
    spoiled = page(hostile(contents))
    assert numbers_on(spoiled) == numbers_on(html)
    count = {tag: html.count(f"<{tag}") for tag in ("script", "img", "style")}
    assert {tag: spoiled.count(f"<{tag}") for tag in count} == count
    assert json.loads(json_for_script([HOSTILE])) == [HOSTILE]


def test_the_package_holds_what_the_page_is_made_of() -> None:
    folder = Path(package.__file__).parent
    assert {each.suffix for each in folder.iterdir() if each.is_file()} >= {".css", ".js", ".py"}
    assert (folder / "templates/page.html").is_file()
