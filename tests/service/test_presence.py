"""Where tests are to be complete, systemd's check is there."""

import pytest

from tests.service.systemd import why_absent


def test_systemd_analyze_is_there() -> None:
    if absent := why_absent():
        pytest.fail(
            f"The unit cannot be verified: {absent}; bash .ci/run installs it.", pytrace=False
        )
