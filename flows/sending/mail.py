"""Letters by mail. A server has taken a mail when it says so after its last line, not before."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import mimetypes
import smtplib
import ssl
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from flows.channel_settings import HERE
from flows.collecting.bounded import Bounded
from flows.sending.letters import Letter
from flows.sending_settings import SendingSettings, password

SECONDS = 60.0
_Found = TypeVar("_Found")
_WIRE = policy.SMTP.clone(cte_type="7bit")
"""How a mail is written on its way: every server takes it so."""


class RefusedError(Exception):
    """The server certainly has not taken the mail."""


class UncertainError(Exception):
    """The connection was lost when the server may have taken the mail."""


class Postman:
    """A connection to the mail server, made when the first mail goes.

    A server that cannot be reached, or goes on talking for ever, is `unreachable` from then on.
    """

    def __init__(self, said: SendingSettings, home: Path) -> None:
        self._said = said
        self._home = home
        self._server: smtplib.SMTP | None = None
        self._bounded: Bounded | None = None
        self.unreachable = False

    def prepare(self, letter: Letter, addresses: tuple[str, ...]) -> tuple[EmailMessage, list[str]]:
        """All up to the mail's text, and the addresses that the server takes no mail to.

        RefusedError where it takes none at all; OSError where the letter's file cannot be read.
        """
        mail = _mail(letter, self._said.sender, addresses)
        return mail, self._call(lambda: self._begin(addresses), RefusedError)

    def _begin(self, addresses: tuple[str, ...]) -> list[str]:
        if self._server is None:
            self._server = self._connect()
        self._server.rset()
        code, answer = self._server.mail(self._said.sender)
        if code != 250:
            raise RefusedError(f"{code} {answer.decode('utf-8', 'replace')}")
        taken = [self._server.rcpt(each)[0] in (250, 251) for each in addresses]
        return [each for each, yes in zip(addresses, taken, strict=True) if not yes]

    def deliver(self, mail: EmailMessage) -> None:
        """Send the text; RefusedError where the server says no, UncertainError where it says nothing."""
        self._call(lambda: self._send(mail), UncertainError)

    def _send(self, mail: EmailMessage) -> None:
        assert self._server is not None
        try:
            code, answer = self._server.data(mail.as_bytes(policy=_WIRE))
        except smtplib.SMTPDataError as error:
            raise RefusedError(str(error)) from error
        if code != 250:
            raise RefusedError(f"{code} {answer.decode('utf-8', 'replace')}")

    def _call(self, work: Callable[[], _Found], lost: type[Exception]) -> _Found:
        """Within a time; `lost` where the connection, or the server's patience, is."""
        if self._bounded is None:
            self._bounded = Bounded(SECONDS * 3)
        try:
            return self._bounded.call(work)
        except (OSError, ValueError, smtplib.SMTPException) as error:
            self.unreachable = True
            raise lost(str(error)) from error

    def close(self) -> None:
        """Leave the server."""
        if self._bounded is not None:
            with contextlib.suppress(Exception):  # it is left in any case
                self._bounded.call(self._leave, 5.0)
            self._bounded.close()
        self._server = self._bounded = None

    def _leave(self) -> None:
        if self._server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._server.quit()
            self._server.close()

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self._said.server)
        host, user = str(parts.hostname), unquote(parts.username or "")
        trust = ssl.create_default_context(
            cafile=str(self._home / self._said.ca_file) if self._said.ca_file else None
        )
        server: smtplib.SMTP
        if parts.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=SECONDS, context=trust)
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=SECONDS)
        try:
            server.ehlo_or_helo_if_needed()
            # On this machine itself nobody listens in.
            if parts.scheme == "smtp" and (host not in HERE or server.has_extn("starttls")):
                server.starttls(context=trust)
                server.ehlo()
            if user:
                _log_in(server, user, password() or "")
        except BaseException:  # whatever it is: the connection is not left open
            server.close()
            raise
        return server


def _log_in(server: smtplib.SMTP, user: str, word: str) -> None:
    if "PLAIN" not in server.esmtp_features.get("auth", "").upper().split():
        server.login(user, word)
        return
    # The library's own way takes no password that is not ASCII.
    said = base64.b64encode(f"\0{user}\0{word}".encode()).decode()
    code, answer = server.docmd("AUTH", f"PLAIN {said}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _mail(letter: Letter, sender: str, addresses: tuple[str, ...]) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, ", ".join(addresses), letter.subject
    mail["Date"] = format_datetime(localtime())
    # The same for the same letter, so that a server that has it can tell.
    digest = hashlib.sha256(letter.key.encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{digest}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text + "\n")
    if letter.file is not None:
        kind = mimetypes.guess_type(letter.file.name)[0] or "application/octet-stream"
        main, _, sub = kind.partition("/")
        mail.add_attachment(
            letter.file.read_bytes(), maintype=main, subtype=sub, filename=letter.file.name
        )
    return mail
