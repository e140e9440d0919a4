"""Sending what is due: each thing once, whatever becomes of the run."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from flows.collecting.redacting import plainly
from flows.collecting.speaking import unit_named
from flows.home import Home
from flows.sending.letters import Letter, letters
from flows.sending.mail import Postman, RefusedError, UncertainError
from flows.sending.outbox import Outbox
from flows.sending.sent import Sent
from flows.sending_settings import SENDING
from flows.warehouse.store import reading

MAIL, OUTBOX = "mail", "outbox"

TROUBLES = 3
"""After so many mails that could not go, the server is left alone until the next night."""


@dataclass(slots=True)
class Dispatch:
    """What sending came to: how many letters went, and what did not, a sentence each."""

    sent: int = 0
    trouble: list[str] = field(default_factory=list)


def send_letters(home: Home, clock: dt.datetime) -> Dispatch:
    """Send returned workbooks and reminders that have not gone yet; `clock` is the run's, UTC."""
    done, said = Dispatch(), home.settings.sending
    if not said.on:
        return done
    sent = Sent(home.settings.sent)
    began = sent.began(clock)
    outbox = Outbox(home.settings.home / said.outbox) if said.outbox else None
    _settle(sent, outbox, done)
    with reading(home.settings.warehouse) as connection:
        due = [each for each in letters(home, connection, clock, began) if sent.is_due(each.key)]
    addresses = {
        unit_named(name, home.declaration, "sending.addresses").code: every
        for name, every in said.addresses.items()
    }
    postman, nowhere = Postman(said, home.settings.home), dict[str, None]()
    try:
        for each in due:
            if len(done.trouble) >= TROUBLES:
                break
            if each.unit in addresses:
                _by_mail(each, addresses[each.unit], postman, sent, done)
            elif outbox is not None:
                _into_outbox(each, outbox, sent, done)
            else:
                nowhere[each.unit_name] = None
    finally:
        postman.close()
    if nowhere:
        done.trouble.append(
            f"sending.addresses has no address for {', '.join(nowhere)}, and there is no outbox; "
            "name one of them"
        )
    return done


def _settle(sent: Sent, outbox: Outbox | None, done: Dispatch) -> None:
    """What was on its way when a run was killed: gone, not gone, or nobody knows."""
    for key, by in sent.on_the_way():
        if by == OUTBOX and outbox is not None:
            if outbox.has_gone(key):
                sent.sent(key)
            else:
                outbox.forget(key)
                sent.failed(key)
        elif by == MAIL:
            done.trouble.append(
                f"a run was killed while it sent {key}, which may not have gone; look, and send it "
                "by hand if so"
            )
            sent.uncertain(key)


def _by_mail(
    letter: Letter, addresses: tuple[str, ...], postman: Postman, sent: Sent, done: Dispatch
) -> None:
    try:
        mail = postman.prepare(letter, addresses)
        sent.sending(letter.key, MAIL)
        try:
            postman.deliver(mail)
        except RefusedError:
            sent.failed(letter.key)
            raise
        except UncertainError as error:
            sent.uncertain(letter.key)
            done.trouble.append(
                f"the mail server fell silent while it took {letter.key} "
                f"({plainly(error, SENDING)}); look whether it went, and send it by hand if not"
            )
            return
    except (RefusedError, OSError) as error:
        done.trouble.append(
            f"the mail to {letter.unit_name} did not go ({plainly(error, SENDING)}); see to "
            "[sending] in the settings"
        )
        return
    sent.sent(letter.key)
    done.sent += 1


def _into_outbox(letter: Letter, outbox: Outbox, sent: Sent, done: Dispatch) -> None:
    try:
        outbox.prepare(letter)
        sent.sending(letter.key, OUTBOX)
        outbox.deliver(letter)
    except OSError as error:
        outbox.forget(letter.key)
        sent.failed(letter.key)
        done.trouble.append(
            f"what is for {letter.unit_name} did not go into the outbox ({plainly(error)}); see "
            "that the folder can be written"
        )
        return
    sent.sent(letter.key)
    done.sent += 1
