"""The files of the charts: the same bytes, outlines for letters, small."""

import io
import re

import pytest
from lxml import etree
from PIL import Image

from flows.quarterly_report.charts import charts, sheet
from flows.quarterly_report.contents import Contents
from tests.quarterly_report.conftest import Gathered

_SVG = "{http://www.w3.org/2000/svg}"


def test_the_same_contents_give_the_same_bytes(
    released: Gathered, drawn: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw: list[bytes] = []
    made = sheet.compact
    monkeypatch.setattr(sheet, "compact", lambda svg, title: raw.append(svg) or made(svg, title))
    assert charts(released[0]) == drawn
    # matplotlib names outlines by their number in the font; 0 is the box for what is lacking.
    glyphs = [
        number for svg in raw for number in re.findall(rb'#MinzhengSansSC-Regular-(\w+)"', svg)
    ]
    assert len(glyphs) > 1000
    assert b"0" not in glyphs


def test_every_chart_is_there_twice(released: Gathered, drawn: dict[str, bytes]) -> None:
    contents: Contents = released[0]
    names = {f"trend_{each.name}" for each, _ in contents.programmes} | {"targets", "reporting"}
    assert set(drawn) == {f"{name}.{ending}" for name in names for ending in ("svg", "png")}
    assert sum(map(len, drawn.values())) < 800_000


def test_svg_has_a_title_and_no_text_to_be_set_in_another_font(drawn: dict[str, bytes]) -> None:
    for name, content in drawn.items():
        if name.endswith(".svg"):
            root = etree.fromstring(content)
            title = root.find(f"{_SVG}title")
            assert title is not None
            assert title.text
            assert root.get("role") == "img"
            assert not list(root.iter(f"{_SVG}text", f"{_SVG}style", f"{_SVG}metadata"))
            assert not root.xpath("//@style")
            ids = [each.get("id") for each in root.iter() if each.get("id")]
            assert len(ids) == len(set(ids))
            referred = set(re.findall(r'(?:href="|url\()#([^")]+)', content.decode()))
            assert referred <= set(ids)


def test_png_is_of_few_colours_and_as_wide_as_a_page(drawn: dict[str, bytes]) -> None:
    for name, content in drawn.items():
        if name.endswith(".png"):
            image = Image.open(io.BytesIO(content))
            assert image.mode == "P"
            assert image.width == round(sheet.WIDTH * 144)
            assert len(image.getcolors() or ()) <= 16
