"""File systems of fsspec as the settings name them, opened as safely as each can be."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from flows.channel_settings import SCHEMES, RemoteSettings, secret
from flows.collecting.offered import ChannelDown

TIMES_ARE_SENDERS = ("sftp", "smb", "webdav", "webdavs")
"""Where a file's time is what the sender's program sets."""
STALLING = ("sftp", "smb")
"""Where a file is seen while it is still written, however long that takes."""
CONNECT_SECONDS = 20
READ_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Opened:
    """A file system that is open, and the path of the channel's folder in it."""

    system: Any
    root: str
    bucket: str = ""
    """Where there are no folders, only names that begin alike: what must be there."""
    close: Callable[[], object] = bool


def open_file_system(said: RemoteSettings, home: Path) -> Opened:
    """The file system of a remote folder; what its library raises goes on."""
    parts = urlsplit(said.url)
    try:
        return _OPEN[parts.scheme](said, parts, home)
    except ImportError as error:
        raise ChannelDown(
            f"the library for {parts.scheme}:// is not there; install "
            f"minzheng[{SCHEMES[parts.scheme]}]",
            again=False,
        ) from error


def _sftp(said: RemoteSettings, parts: SplitResult, home: Path) -> Opened:
    system = importlib.import_module("sshfs").SSHFileSystem
    known_hosts = home / said.known_hosts
    if not known_hosts.is_file():
        raise ChannelDown(f"there is no file {known_hosts} of known hosts", again=False)
    log_in: dict[str, Any] = {
        "username": unquote(parts.username or "") or None,
        "password": secret(said.name, "password"),
        "passphrase": secret(said.name, "passphrase"),
        # Left to itself sshfs trusts any host, and asyncssh takes keys wherever it finds them.
        "known_hosts": str(known_hosts),
        "client_keys": [str(home / said.key_file)] if said.key_file else None,
        "agent_path": None,
        "config": None,
    }
    opened = system(
        parts.hostname,
        **dict(said.options),
        **{key: each for key, each in log_in.items() if each is not None or key != "password"},
        port=parts.port or 22,
        connect_timeout=CONNECT_SECONDS,
        login_timeout=CONNECT_SECONDS,
        keepalive_interval=15,
        # Names that are no UTF-8 are read as those in the inbox are.
        sftp_client_kwargs={"path_errors": "surrogateescape"},
        skip_instance_cache=True,
    )
    return Opened(opened, unquote(parts.path) or ".")


def _s3(said: RemoteSettings, parts: SplitResult, home: Path) -> Opened:
    system = importlib.import_module("s3fs").S3FileSystem
    opened = system(
        key=secret(said.name, "key"),
        secret=secret(said.name, "secret"),
        token=secret(said.name, "token"),
        config_kwargs={"connect_timeout": CONNECT_SECONDS, "read_timeout": READ_SECONDS},
        skip_instance_cache=True,
        use_listings_cache=False,
        **dict(said.options),
    )
    return Opened(opened, f"{parts.netloc}{unquote(parts.path)}".rstrip("/"), parts.netloc)


def _webdav(said: RemoteSettings, parts: SplitResult, home: Path) -> Opened:
    system = importlib.import_module("webdav4.fsspec").WebdavFileSystem
    scheme = "https" if parts.scheme == "webdavs" else "http"
    host = parts.netloc.rpartition("@")[2]
    user, password = unquote(parts.username or ""), secret(said.name, "password")
    opened = system(
        f"{scheme}://{host}{parts.path}",
        auth=(user, password or "") if user else None,
        timeout=READ_SECONDS,
        skip_instance_cache=True,
        **dict(said.options),
    )
    return Opened(opened, "", close=opened.client.http.close)


def _smb(said: RemoteSettings, parts: SplitResult, home: Path) -> Opened:
    system = importlib.import_module("fsspec.implementations.smb").SMBFileSystem
    opened = system(
        host=parts.hostname,
        port=parts.port,
        username=unquote(parts.username or "") or None,
        password=secret(said.name, "password"),
        timeout=CONNECT_SECONDS,
        skip_instance_cache=True,
        **dict(said.options),
    )
    return Opened(opened, unquote(parts.path).rstrip("/"))


_OPEN: dict[str, Callable[[RemoteSettings, SplitResult, Path], Opened]] = {
    "sftp": _sftp,
    "s3": _s3,
    "webdav": _webdav,
    "webdavs": _webdav,
    "smb": _smb,
}
