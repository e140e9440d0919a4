"""The mailbox channel: the files in mails, by IMAP; a mail is marked, never removed."""

from __future__ import annotations

import contextlib
import datetime as dt
import email
import hashlib
import imaplib
import ssl
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from flows.channel_settings import MailboxSettings, secret, secret_variable
from flows.collecting.bounded import Bounded
from flows.collecting.messages import Enclosed, files_of, is_automatic, sender_of
from flows.collecting.offered import LARGEST, ChannelDown, Offered, Said
from flows.collecting.redacting import plainly
from flows.collecting.speaking import Speakers

MARK = "$MinzhengTaken"
"""The keyword of a message that was taken in; where a server takes none, \\Flagged."""
SECONDS = 60.0
"""A server may take so long for an answer."""
SLOWEST = 50_000
"""Bytes a second: so much longer may a large message take."""
AT_ONCE = 200
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox that the settings name."""

    settings: MailboxSettings
    home: Path
    speakers: Speakers
    keeps: bool = True

    @property
    def name(self) -> str:
        """Its name in the settings."""
        return self.settings.name

    def open(self, since: dt.datetime | None) -> _Session:
        """Log in; ChannelDown where that cannot be."""
        try:
            from imapclient import IMAPClient, SocketTimeout
        except ImportError as error:
            raise ChannelDown(
                "the library for mailboxes is not there; install minzheng[mail]", again=False
            ) from error
        password = secret(self.name, "password")
        if password is None:
            variable = secret_variable(self.name, "password")
            raise ChannelDown(f"its password is not set; put it into {variable}", again=False)
        bounded = Bounded(SECONDS * 2)
        login = partial(self._login, IMAPClient, SocketTimeout(SECONDS, SECONDS), password)
        return _Session(self, _asked(bounded, self.name, login), bounded)

    def _login(self, client: Any, timeout: Any, password: str) -> Any:
        said = self.settings
        trust = ssl.create_default_context(
            cafile=str(self.home / said.ca_file) if said.ca_file else None
        )
        at_once = said.security == "tls"
        opened = client(
            said.host,
            port=said.port or (993 if at_once else 143),
            ssl=at_once,
            ssl_context=trust if at_once else None,
            timeout=timeout,
        )
        try:
            self._enter(opened, password, trust)
        except BaseException:  # whatever it is: the connection is not left open
            opened.shutdown()
            raise
        return opened

    def _enter(self, opened: Any, password: str, trust: ssl.SSLContext) -> None:
        from imapclient.exceptions import LoginError

        said = self.settings
        opened.normalise_times = False
        if said.security == "starttls":
            opened.starttls(trust)
        # The older way takes no password that is not ASCII.
        log_in = opened.plain_login if opened.has_capability("AUTH=PLAIN") else opened.login
        try:
            log_in(said.user, password)
        except LoginError as error:
            # Trying again may lock the account.
            raise ChannelDown(
                f"the server refuses {said.user}; see to the user and "
                f"{secret_variable(self.name, 'password')}",
                again=False,
            ) from error
        if opened.has_capability("ID"):  # some providers let nobody in who does not say it
            opened.id_({"name": "minzheng"})


class _Session:
    """A mailbox that is logged in to."""

    def __init__(self, channel: Mailbox, client: Any, bounded: Bounded) -> None:
        self._channel = channel
        self._client = client
        self._bounded = bounded
        self._mark = MARK
        self._messages: dict[int, list[str]] = {}
        """By UID, the keys of the files in a message that is not marked."""

    def _ask(self, work: Callable[..., _Found], *given: object, more: float = 0) -> _Found:
        seconds = self._bounded.seconds + more
        return _asked(self._bounded, self._channel.name, partial(work, *given), seconds)

    def offered(self, known: Collection[str], said: Said) -> Iterator[Offered]:
        """The files in the messages that are not marked, whether read or not."""
        chosen = self._ask(self._client.select_folder, self._channel.settings.mailbox)
        allowed = {each.lower() for each in chosen.get(b"PERMANENTFLAGS", ())}
        if not allowed & {b"\\*", MARK.lower().encode()}:
            self._mark = "\\Flagged"
        query = ["UNFLAGGED"] if self._mark != MARK else ["UNKEYWORD", MARK]
        for uid in self._ask(self._client.search, [*query, "UNDELETED"]):
            where = f"channel {self._channel.name}, message {uid}"
            try:
                yield from self._of_message(uid, where, said)
            except _RefusedError as refused:
                said.passed_over.append(f"{where}: {refused}")

    def _of_message(self, uid: int, where: str, said: Said) -> Iterator[Offered]:
        about = self._ask(self._client.fetch, [uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid, {})
        size, arrived = about.get(b"RFC822.SIZE"), about.get(b"INTERNALDATE")
        if not isinstance(size, int) or not isinstance(arrived, dt.datetime):
            return  # it is gone
        where += f" of {arrived:%Y-%m-%d %H:%M}"
        if size > LARGEST:
            said.passed_over.append(f"{where}: it is larger than returns can be; see to it by hand")
            return
        answer = self._ask(self._client.fetch, [uid], ["BODY.PEEK[]"], more=size / SLOWEST)
        raw = answer.get(uid, {}).get(b"BODY[]")
        if not isinstance(raw, bytes):
            return
        digest = hashlib.sha256(raw).hexdigest()[:32]
        sender, units = self._speaks(raw)
        files = files_of(raw)
        self._messages[uid] = [f"{digest}/{each.place}" for each in files]
        # No more than the domain: the night's page is read by many.
        domain = "nobody" if sender is None else f"somebody at {sender.rpartition('@')[2]}"
        if not files:
            said.noted.append(f"{where} from {domain}: no file is in it")
        elif units == ():
            said.noted.append(
                f"{where}: it says that it is from {domain}, who is not known to be its sender, is "
                "bound to no unit, or is a program; its files are held apart"
            )
        for each in files:
            yield self._offer(each, digest, sender, units, arrived.astimezone(dt.UTC))

    def _offer(
        self,
        each: Enclosed,
        digest: str,
        sender: str | None,
        units: tuple[str, ...] | None,
        arrived: dt.datetime,
    ) -> Offered:
        return Offered(
            key=f"{digest}/{each.place}",
            name=each.name,
            source=f"{self._channel.settings.mailbox}/{digest}/{each.place}",
            sender=sender or "",
            units=units,
            arrived=arrived.replace(tzinfo=None),
            modified=arrived.timestamp(),
            content=lambda: each.content,
        )

    def _speaks(self, raw: bytes) -> tuple[str | None, tuple[str, ...] | None]:
        """Who a mail says it is from, and for whom that one may speak."""
        speakers = self._channel.speakers
        try:
            message = email.message_from_bytes(raw)
            sender = sender_of(message)
            if is_automatic(message):
                return sender, ()  # what comes back undelivered is no one's return
            if not speakers.restricted:
                return sender, None
            return sender, self._bound(message, sender)
        except Exception:  # whatever a mail does to its parser: it speaks for nobody
            return None, () if speakers.restricted else None

    def _bound(self, message: Message, sender: str | None) -> tuple[str, ...] | None:
        said = self._channel.settings
        if sender is None:
            return ()
        if not said.from_is_checked:
            from flows.collecting.authenticity import verified

            if not verified(message, sender, said.authserv_id):
                return ()
        return self._channel.speakers.of_address(sender)

    def settle(self, keys: Collection[str], said: Said) -> Sequence[str]:
        """Mark the messages of which every file was taken in."""
        taken = set(keys)
        whole = [uid for uid, own in self._messages.items() if taken.issuperset(own)]
        if whole:
            flags = [self._mark.encode(), b"\\Seen"]
            try:
                for start in range(0, len(whole), AT_ONCE):  # a line has its limits
                    self._ask(self._client.add_flags, whole[start : start + AT_ONCE], flags)
            except ChannelDown as error:
                said.passed_over.append(
                    f"channel {self._channel.name}: {len(whole)} messages are taken in, but could "
                    f"not be marked ({error})"
                )
                return [key for uid in whole for key in self._messages[uid]]
        return []

    def close(self) -> None:
        """Log out, as far as the server still answers."""
        with contextlib.suppress(Exception):  # it is left in any case
            self._bounded.call(self._client.logout, 5.0)
        self._bounded.close()


class _RefusedError(ChannelDown):
    """The server answers, but refuses this."""


def _asked(
    bounded: Bounded, channel: str, work: Callable[[], _Found], seconds: float | None = None
) -> _Found:
    """What the server answers; ChannelDown where it does not, or not what was asked."""
    try:
        return bounded.call(work, seconds)
    except ssl.SSLCertVerificationError as error:
        raise ChannelDown(
            f"its certificate is not trusted ({error.verify_message}); name the authority's in "
            "ca_file",
            again=False,
        ) from error
    except imaplib.IMAP4.error as error:
        kind = ChannelDown if isinstance(error, imaplib.IMAP4.abort) else _RefusedError
        raise kind(f"it could not be reached ({plainly(error, channel)})") from error
    except (OSError, ValueError, EOFError, LookupError) as error:
        raise ChannelDown(f"it could not be reached ({plainly(error, channel)})") from error
