"""The page put together: its sections from templates, style, scripts and data put into it."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.growth_wording import NAMES
from flows.quarterly_report.page import labels
from flows.quarterly_report.page.coverage import grid
from flows.quarterly_report.page.embedding import embedded
from flows.quarterly_report.page.issues import issues, revisions
from flows.quarterly_report.page.numbers import Numbers, comparisons_shown
from flows.quarterly_report.page.overview import overview
from flows.quarterly_report.page.packing import json_for_script
from flows.quarterly_report.page.programmes import sections
from flows.quarterly_report.page.targets import BAR, progress
from flows.quarterly_report.page.trend import HEIGHT, WIDTH, quarters
from flows.quarterly_report.wording import MADE_UP, MATURITY
from flows.templating.looks import without_illegal
from schemas.declaring import periods

_HERE = Path(__file__).parent
_SCRIPTS = ("drawing.js", "unit_view.js", "number_view.js", "routing.js")
"""Parts of one script, in order."""


def page(contents: Contents, prose: Markup | None = None) -> str:
    """The report as one HTML file; the same contents make the same bytes.

    `prose` becomes the section 文字报告: safe HTML without style attributes and scripts, which
    the page's policy does not let work. Its pictures may be SVG or data: addresses.
    """
    numbers = Numbers(contents)
    over = quarters(contents)
    comparisons = comparisons_shown(contents)
    targets = progress(numbers)
    style, early = _text("page.css"), _text("early.js")
    script = "(function () {\n'use strict';\n" + "".join(map(_text, _SCRIPTS)) + "})();\n"
    html = _environment().get_template("page.html").render(
        contents=contents,
        title=labels.title_zh(contents),
        quarter=periods.quarter_zh(contents.quarter),
        maturity=MATURITY[contents.maturity],
        made_up=MADE_UP,
        kinds=labels.KINDS,
        states=labels.STATES,
        pending=labels.PENDING,
        comparisons=[NAMES[each] for each in comparisons],
        overview=overview(numbers, targets, over),
        sections=sections(numbers, comparisons, over),
        grid=grid(numbers),
        targets=targets,
        issues=issues(contents),
        revisions=revisions(numbers),
        prose=prose,
        bar=BAR,
        trend_size=(WIDTH, HEIGHT),
        style=Markup(style),
        early=Markup(early),
        script=Markup(script),
        policy=_policy(style, early, script),
        data=json_for_script(embedded(numbers, targets)),
    )  # fmt: skip
    # What somebody typed may hold anything; a browser stops at some of it.
    return without_illegal(html)


def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters["minus"] = lambda text: text.replace("-", "−")
    return found


def _text(name: str) -> str:
    """A file of the package, read as it is: its hash is of what stands in the page."""
    return (_HERE / name).read_text(encoding="utf-8")


def _policy(style: str, *scripts: str) -> str:
    """Only what is in the file may work: nothing is loaded, sent, or run besides."""
    hashes = " ".join(_hash(each) for each in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
