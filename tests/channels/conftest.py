"""The servers, each started once; where one is missing the tests are not collected.

In CI `test_presence.py` fails then.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels import servers
from tests.channels.servers import HttpServer, MailServer, SftpServer

_NO_SERVER = ("test_messages.py", "test_speaking.py", "test_authenticity.py", "test_settings.py")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    name = collection_path.name
    if name == "test_presence.py":
        return None if os.environ.get("CI") or not servers.why_absent() else True
    if name.startswith("test_") and name not in _NO_SERVER and servers.why_absent():
        return True
    return None


@pytest.fixture(scope="session")
def mail() -> Iterator[MailServer]:
    with servers.mail_server() as server:
        yield server


@pytest.fixture(scope="session")
def sftp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpServer]:
    with servers.sftp_server(tmp_path_factory.mktemp("sftp")) as server:
        yield server


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpServer]:
    with servers.http_server("s3", tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def webdav(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpServer]:
    with servers.http_server("webdav", tmp_path_factory.mktemp("webdav")) as server:
        yield server


@pytest.fixture
def mail_box(mail: MailServer) -> MailServer:
    """The mail server, with nothing in its mailbox."""
    mail.empty()
    return mail
