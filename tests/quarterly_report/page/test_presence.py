"""Where tests are to be complete, Chromium is there."""

import pytest

from tests.quarterly_report.page.browser import why_absent


def test_chromium_is_there() -> None:
    if absent := why_absent():
        pytest.fail(
            f"The page's tests in a browser cannot be run: {absent}; bash .ci/run installs it.",
            pytrace=False,
        )
