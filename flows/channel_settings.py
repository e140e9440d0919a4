"""The channels that the settings name, one table each: `[channels.NAME]`.

Passwords and keys are no part of them: they stand in variables only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from flows.setting_values import Names, Options, read_values

FOLDER = "folder"
"""The name of the channel that is always there: the inbox."""
_RESERVED = ("history", "sending")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_ADDRESS = re.compile(r"[^@\s<>,;]*@[^@\s<>,;]+")
HERE = ("localhost", "127.0.0.1", "::1")
SECRETS = ("password", "passphrase", "key", "secret", "token")
"""What of a channel stands in a variable, MINZHENG_<NAME>_PASSWORD, and in no file."""


@dataclass(frozen=True, slots=True)
class InboxSettings:
    """The inbox, `data/raw/inbox/`: the channel `folder`."""

    name: str = field(metadata={"settable": False})
    units: Names = field(default_factory=dict)
    """Which units a folder below the inbox may speak for, as "濯水镇" = "濯水镇"; with any named, files elsewhere speak for none."""


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """A mailbox read by IMAP (`kind = "imap"`): messages are marked there, never removed."""

    name: str = field(metadata={"settable": False})
    host: str
    """The server's name."""
    user: str
    """Who logs in; the password is in MINZHENG_<NAME>_PASSWORD."""
    security: Literal["tls", "starttls", "none"] = "tls"
    """How the connection is secured; none only to this machine itself."""
    port: int = 0
    """The server's port; left out: 993, or 143 without TLS from the start."""
    ca_file: str = ""
    """Certificates to trust beside the system's, as PEM; a relative path starts at the home."""
    mailbox: str = "INBOX"
    """Which mailbox is read."""
    authserv_id: str = ""
    """The name under which the mail server says in Authentication-Results whether a sender is who it says; needed where addresses are bound to units."""
    from_is_checked: bool = False
    """In its place: the mail server lets nobody send under another's address, and takes no mail from outside."""
    units: Names = field(default_factory=dict)
    """Which units an address may speak for, as "zs@example.cn" = "濯水镇"; "@example.cn" is every address there, "*" every unit. With any named, others speak for none."""


@dataclass(frozen=True, slots=True)
class RemoteSettings:
    """A remote folder (`kind = "remote"`), reached through fsspec."""

    name: str = field(metadata={"settable": False})
    url: str
    """Where it is: sftp://user@host/folder, s3://bucket/folder, webdavs://host/folder, smb://user@host/share/folder."""
    taken: Literal["remove", "keep"] = "remove"
    """What becomes of a file that was taken in: it is removed there, or kept and known again."""
    known_hosts: str = ""
    """For sftp: the file of host keys, as OpenSSH has it; needed. A relative path starts at the home."""
    key_file: str = ""
    """For sftp: the private key to log in with, in place of MINZHENG_<NAME>_PASSWORD."""
    options: Options = field(default_factory=dict)
    """What else the file system takes, by fsspec's names, as endpoint_url."""
    units: Names = field(default_factory=dict)
    """Which units a folder there may speak for, as "zhuoshui" = "濯水镇"; with any named, files elsewhere speak for none."""


ChannelSettings = InboxSettings | MailboxSettings | RemoteSettings
KINDS: dict[str, type[ChannelSettings]] = {
    "folder": InboxSettings,
    "imap": MailboxSettings,
    "remote": RemoteSettings,
}
SCHEMES = {"sftp": "sftp", "s3": "s3", "webdav": "webdav", "webdavs": "webdav", "smb": "smb"}
"""What a remote folder's address may begin with, and the extra that brings it."""


def secret(channel: str, name: str) -> str | None:
    """A channel's password or key from its variable; None where that is not set."""
    return os.environ.get(secret_variable(channel, name)) or None


def secret_variable(channel: str, name: str) -> str:
    """The variable that holds it."""
    return f"MINZHENG_{channel.upper()}_{name.upper()}"


def read_channels(table: object, problems: list[str]) -> tuple[ChannelSettings, ...]:
    """The channels of the settings' table, the inbox first; problems as `read_values` has them."""
    if not isinstance(table, Mapping):
        problems.append("channels is no table; name each channel in a table [channels.NAME]")
        table = {}
    found = [_channel(str(name), each, problems) for name, each in table.items()]
    channels = [each for each in found if each is not None]
    if not any(isinstance(each, InboxSettings) for each in channels):
        channels.insert(0, InboxSettings(FOLDER))
    return tuple(sorted(channels, key=lambda each: each.name != FOLDER))


def _channel(name: str, table: object, problems: list[str]) -> ChannelSettings | None:
    where = f"channels.{name}."
    if not isinstance(table, Mapping):
        problems.append(f"channels.{name} is no table; write [channels.{name}]")
        return None
    if not _NAME.fullmatch(name) or name in _RESERVED:
        problems.append(
            f"channels.{name} is no name for a channel; take small letters, digits and _"
        )
    kind = table.get("kind", FOLDER if name == FOLDER else None)
    if kind not in KINDS or (kind == FOLDER) != (name == FOLDER):
        problems.append(
            f"{where}kind is {kind!r}; give imap or remote (folder is the inbox's own kind)"
        )
        return None
    inside = {key: each for key, each in table.items() if key != "kind"}
    options = inside.get("options")
    for word in SECRETS:
        for place, held in ((where, inside), (f"{where}options.", options)):
            if isinstance(held, Mapping) and word in held:
                problems.append(
                    f"{place}{word} stands in the file; put it into the variable "
                    f"{secret_variable(name, word)} only"
                )
    inside = {key: each for key, each in inside.items() if key not in SECRETS}
    before = len(problems)
    values = read_values(KINDS[kind], inside, where, problems)
    if len(problems) > before:
        return None
    channel: ChannelSettings = KINDS[kind](name=name, **values)
    problems += [f"{where}{said}" for said in _together(channel)]
    return channel


def _together(channel: ChannelSettings) -> list[str]:
    """What is wrong with the settings of a channel taken together."""
    match channel:
        case MailboxSettings():
            return _mailbox(channel)
        case RemoteSettings():
            return _remote(channel)
    return _folders(channel.units)


def _mailbox(channel: MailboxSettings) -> list[str]:
    said = [
        f"units names {each!r}; give an address as zs@example.cn, or @example.cn for all there"
        for each in channel.units
        if not _ADDRESS.fullmatch(each)
    ]
    if channel.security == "none" and channel.host not in HERE:
        said.append("security is none, which would show the password to the network; give tls")
    if channel.units and not (channel.authserv_id or channel.from_is_checked):
        said.append(
            "units binds addresses, which anybody can write into a mail; give authserv_id, or "
            "from_is_checked = true where the server lets nobody write another's"
        )
    return said


def _remote(channel: RemoteSettings) -> list[str]:
    said = _folders(channel.units)
    parts = urlsplit(channel.url)
    if parts.scheme not in SCHEMES or not parts.netloc:
        said.append(
            f"url begins with {parts.scheme[:20]!r}; give one that begins with "
            f"{', '.join(f'{each}://' for each in SCHEMES)} and names a host or bucket"
        )
    if parts.scheme == "webdav" and parts.hostname not in HERE:
        said.append(
            "url is webdav://, which would show the password to the network; give webdavs://"
        )
    if parts.password is not None:
        said.append(
            "url holds a password; put it into the variable "
            f"{secret_variable(channel.name, 'password')} only"
        )
    if parts.scheme == "sftp" and not channel.known_hosts:
        said.append("known_hosts is missing; name the file with the server's host key")
    return said


def _folders(units: Names) -> list[str]:
    return [
        f"units names {each!r}; give a folder below it, as 濯水镇 or 2023/濯水镇"
        for each in units
        if not each.strip("/")
        or any(part in ("", ".", "..") for part in each.strip("/").split("/"))
    ]
