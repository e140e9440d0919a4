"""A Prefect server of the tests' own: on loopback, with its own home, sending nothing out.

Prefect is imported by the tests themselves: that takes seconds, and other tests need none.
"""

import socket
from collections.abc import Iterator

import pytest

from flows.prefect_server import HOST, running_server


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server's API, known to Prefect and to processes the tests start."""
    folder = tmp_path_factory.mktemp("prefect")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DO_NOT_TRACK", "1")
        patch.setenv("PREFECT_HOME", str(folder))
        patch.setenv("PREFECT_SERVER_UI_ENABLED", "false")
        with running_server(folder, _free_port()) as address:
            from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

            patch.setenv("PREFECT_API_URL", address)
            with temporary_settings({PREFECT_API_URL: address, PREFECT_HOME: str(folder)}):
                yield address


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])
