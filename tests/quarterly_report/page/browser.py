"""One Chromium that opens pages from a disk as a reader would."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
VIEWS = ("#/overview", "#/unit/500114110", "#/number/relief_funds/500114")


@cache
def program() -> str | None:
    """Where the browser is; None where there is none."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


@cache
def why_absent() -> str:
    """Why no page can be opened here; '' where one can."""
    return "" if program() else "chromium is not installed (apt-get install chromium)"


@contextmanager
def running() -> Iterator[Browser]:
    """The browser, which stops at the end."""
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=program(), args=as_root)
        yield browser
        browser.close()


class Reader:
    """A window on a page; what goes wrong in it is kept in `wrong`, requests in `asked`."""

    def __init__(self, browser: Browser, file: Path, **looks: Any) -> None:
        self.file = file.as_uri()
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.page: Page = browser.new_page(**{"color_scheme": "light", **looks})
        self.page.set_default_timeout(5000)
        self.page.on("console", lambda said: self.wrong.append(said.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url.split("#")[0]))
        self.page.goto(self.file)

    def open(self, address: str) -> None:
        """Go to an address of the page, as if it were typed."""
        self.page.goto(self.file + address)
        self.page.wait_for_function(
            "document.documentElement.dataset.shown === decodeURI(location.hash)"
        )

    @property
    def heading(self) -> str:
        """The heading of what is shown."""
        return self.page.locator("section.current h2").inner_text()

    def arrive(self, part: str) -> None:
        """Wait until what is shown has a heading with these words: an address is followed later."""
        self.page.wait_for_function(
            "part => document.querySelector('section.current h2').textContent.includes(part)",
            arg=part,
        )

    @property
    def focused(self) -> str:
        """Where a link leads that has the focus; else the tag that has it."""
        return str(
            self.page.evaluate(
                "document.activeElement.getAttribute('href') || document.activeElement.tagName"
            )
        )

    def tab_to(self, href: str, most: int = 400) -> None:
        """Press Tab until the link has the focus."""
        for _ in range(most):
            if self.focused == href:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {href}")
