"""Where tests are to be complete, the servers are there."""

import pytest

from tests.channels.servers import why_absent


def test_the_servers_can_be_started() -> None:
    if absent := why_absent():
        pytest.fail(
            f"The tests in tests/channels cannot be run: {absent}; bash .ci/run installs it.",
            pytrace=False,
        )
