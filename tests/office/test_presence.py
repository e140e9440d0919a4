"""Where tests are to be complete, LibreOffice is there."""

import pytest

from tests.office.libreoffice import why_absent


def test_libreoffice_can_be_worked() -> None:
    if absent := why_absent():
        pytest.fail(
            f"The tests in tests/office cannot be run: {absent}; bash .ci/run installs it.",
            pytrace=False,
        )
