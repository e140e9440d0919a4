"""Where tests are to be complete, Node and R are there."""

import pytest

from tests.clients.tools import NEEDED, why_absent


@pytest.mark.parametrize("name", NEEDED)
def test_the_tools_can_be_run(name: str) -> None:
    if absent := why_absent(name):
        pytest.fail(
            f"tests/clients/{name} cannot be run: {absent}; bash .ci/run installs it.",
            pytrace=False,
        )
