"""A home whose settings name the servers of these tests."""

import getpass
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from flows import pipeline
from flows.channel_settings import (
    ChannelSettings,
    InboxSettings,
    MailboxSettings,
    RemoteSettings,
)
from flows.home import Home, open_home
from flows.settings import Settings
from flows.warehouse.outcome import Outcome
from tests.channels.mails import SERVER
from tests.channels.servers import PASSWORD, HttpServer, MailServer, SftpServer, free_port
from tests.homes import Place

NIGHT = "2022-02-05T23:00"


@dataclass
class Reached(Place):
    """A home with channels."""

    channels: list[ChannelSettings] = field(default_factory=list)

    def home(self, now: str) -> Home:
        return open_home(
            Settings(
                home=self.folder,
                now=now,
                settle_seconds=0,
                processes=1,
                channels=tuple(self.channels or [InboxSettings("folder")]),
            )
        )

    def states(self) -> dict[str, tuple[str, str, str]]:
        """State, channel and sender of each file by its name."""
        rows = self.query("SELECT file_name, state, channel, sender FROM submission")
        return {name: (state, channel, sender) for name, state, channel, sender in rows}

    def tonight(self, now: str = NIGHT) -> Outcome:
        return pipeline.nightly(self.home(now))


def set_passwords(patch: pytest.MonkeyPatch) -> None:
    for name in ("MAIL", "DAV"):
        patch.setenv(f"MINZHENG_{name}_PASSWORD", PASSWORD)
    patch.setenv("MINZHENG_STORE_KEY", "minzheng")
    patch.setenv("MINZHENG_STORE_SECRET", PASSWORD)
    patch.setattr("flows.collecting.collect.FIRST_PAUSE", 0.01)


def mailbox(server: MailServer, **said: object) -> MailboxSettings:
    given = {"port": server.port, "ca_file": str(server.authority), "authserv_id": SERVER}
    return MailboxSettings("mail", "localhost", server.user, **(given | said))  # type: ignore[arg-type]


def sftp_folder(server: SftpServer, **said: object) -> RemoteSettings:
    given = {"known_hosts": str(server.known_hosts), "key_file": str(server.key)}
    return RemoteSettings("box", server.url, **(given | said))  # type: ignore[arg-type]


def s3_bucket(server: HttpServer, **said: object) -> RemoteSettings:
    options = {"endpoint_url": f"http://127.0.0.1:{server.port}"}
    return RemoteSettings("store", "s3://bucket/in", options=options, **said)  # type: ignore[arg-type]


def dav_folder(server: HttpServer, **said: object) -> RemoteSettings:
    return RemoteSettings("dav", f"webdav://minzheng@127.0.0.1:{server.port}", **said)  # type: ignore[arg-type]


def nowhere() -> RemoteSettings:
    """A remote folder on a port where nothing listens."""
    hosts = str(Path(__file__))
    return RemoteSettings(
        "away", f"sftp://{getpass.getuser()}@127.0.0.1:{free_port()}/in", known_hosts=hosts
    )
