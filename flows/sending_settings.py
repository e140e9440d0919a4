"""What goes out, as the table `[sending]` of the settings says.

The password and the addresses of chat groups are no part of it: they stand in variables only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flows.channel_settings import SECRETS, secret, secret_variable
from flows.setting_values import Names, read_values

SENDING = "sending"
NOTICES = "MINZHENG_NOTICES"
"""The variable with the addresses, as Apprise writes them, that get the night's summary."""
_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[A-Za-z0-9.\-]+")


@dataclass(frozen=True, slots=True)
class SendingSettings:
    """Returned workbooks and reminders, by mail or into a folder for others to carry on."""

    server: str = ""
    """The mail server, as smtps://user@host or, with STARTTLS, smtp://user@host; the password is in MINZHENG_SENDING_PASSWORD. Empty: nothing goes by mail."""
    sender: str = ""
    """The address that mails are from; needed with a server."""
    ca_file: str = ""
    """Certificates to trust beside the system's, as PEM; a relative path starts at the home."""
    addresses: Names = field(default_factory=dict)
    """Where each unit gets its mail, as "濯水镇" = "zs@example.cn"; what goes to other units goes into the outbox."""
    outbox: str = ""
    """A folder for what does not go by mail, a folder a unit in it; a relative path starts at the home. Empty: there is none."""
    remind_every: int = 7
    """Days from one reminder to a unit of a month's forms to the next, the first on the day after they were due."""

    @property
    def on(self) -> bool:
        """Whether anything goes out to the units."""
        return bool(self.server or self.outbox)


def notices() -> tuple[str, ...]:
    """The addresses that get the night's summary: secrets, each of them."""
    return tuple(os.environ.get(NOTICES, "").split())


def password() -> str | None:
    """The mail server's password."""
    return secret(SENDING, "password")


def read_sending(table: object, problems: list[str]) -> SendingSettings:
    """The settings of the table; problems as `read_values` has them."""
    if not isinstance(table, Mapping):
        problems.append("sending is no table; write [sending]")
        return SendingSettings()
    problems += [
        f"sending.{word} stands in the file; put it into the variable "
        f"{secret_variable(SENDING, word)} only"
        for word in SECRETS
        if word in table
    ]
    inside = {key: each for key, each in table.items() if key not in SECRETS}
    read = SendingSettings(**read_values(SendingSettings, inside, "sending.", problems))
    problems += [f"sending.{said}" for said in _together(read)]
    return read


def _together(read: SendingSettings) -> list[str]:
    said = [
        f"addresses gives {name} {each!r}; give an address as zs@example.cn"
        for name, every in read.addresses.items()
        for each in every
        if not _ADDRESS.fullmatch(each)
    ]
    if not read.server:
        if read.addresses:
            said.append("addresses names units, but server is missing; give smtps://user@host")
        return said
    parts = urlsplit(read.server)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        said.append("server is no address of a mail server; give smtps://user@host")
    if parts.password is not None:
        said.append(
            "server holds a password; put it into the variable "
            f"{secret_variable(SENDING, 'password')} only"
        )
    if not _ADDRESS.fullmatch(read.sender):
        said.append(f"sender is {read.sender!r}; give the address that mails are from")
    return said
