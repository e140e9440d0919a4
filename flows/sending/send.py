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
from flows.sending_settings import SENDING, SendingSettings
from flows.warehouse.store import reading
from schemas.declaring.district import Declaration

MAIL, OUTBOX = "mail: ", "outbox: "
"""By what a thing goes, before its subject or the outbox's folder."""


@dataclass(slots=True)
class Dispatch:
    """What sending came to: how many letters went, and what did not, a sentence each."""

    sent: int = 0
    trouble: list[str] = field(default_factory=list)


def send_letters(home: Home, clock: dt.datetime, *, all_looked: bool = True) -> Dispatch:
    """Send returned workbooks and reminders that have not gone yet; `clock` is the run's, UTC.

    Nobody is reminded where not `all_looked`: what a unit has sent may lie in a channel that
    is down.
    """
    done, said = Dispatch(), home.settings.sending
    if not said.on:
        return done
    sent = Sent(home.settings.sent)
    began = sent.began(clock)
    _settle(home, sent, done)
    with reading(home.settings.warehouse) as connection:
        due = [
            each
            for each in letters(home, connection, clock, began, remind=all_looked)
            if sent.is_due(each.key)
        ]
    outbox = Outbox(home.settings.home / said.outbox) if said.outbox else None
    addresses = _addresses(said, home.declaration)
    postman, nowhere, waiting = Postman(said, home.settings.home), dict[str, None](), 0
    try:
        for each in due:
            if each.unit in addresses:
                if postman.unreachable:
                    waiting += 1
                else:
                    _by_mail(each, addresses[each.unit], postman, sent, done)
            elif outbox is not None:
                _into_outbox(each, outbox, sent, done)
            else:
                nowhere[each.unit_name] = None
    finally:
        postman.close()
    if waiting:
        done.trouble.append(f"{waiting} more letters wait for the mail server")
    if nowhere:
        done.trouble.append(
            f"sending.addresses has no address for {', '.join(nowhere)}, and there is no outbox; "
            "give them addresses, or set sending.outbox"
        )
    return done


def _addresses(said: SendingSettings, declaration: Declaration) -> dict[str, tuple[str, ...]]:
    """Where each unit gets its mail, by its code; one that has ended where its successor does."""
    found = {
        unit_named(name, declaration, "sending.addresses").code: every
        for name, every in said.addresses.items()
    }
    for unit in declaration.units:
        for successor in declaration.successors(unit):
            if unit.code not in found and successor.code in found:
                found[unit.code] = found[successor.code]
    return found


def _settle(home: Home, sent: Sent, done: Dispatch) -> None:
    """What was on its way when a run was killed: gone, not gone, or nobody knows."""
    for key, by in sent.on_the_way():
        if by.startswith(OUTBOX):
            outbox = Outbox(home.settings.home / by.removeprefix(OUTBOX))
            if outbox.has_gone(key):
                sent.sent(key)
            else:
                outbox.forget(key)
                sent.failed(key)
        elif by.startswith(MAIL):
            done.trouble.append(
                f"a run was killed while it sent {by.removeprefix(MAIL)} ({key}), which may not "
                "have gone; look, and send it by hand if so"
            )
            sent.uncertain(key)


def _by_mail(
    letter: Letter, addresses: tuple[str, ...], postman: Postman, sent: Sent, done: Dispatch
) -> None:
    where = f"the mail to {letter.unit_name}"
    try:
        mail, refused = postman.prepare(letter, addresses)
        done.trouble += [
            f"{where}: the server takes none to {each}; correct sending.addresses"
            for each in refused
        ]
        if len(refused) == len(addresses):
            return
        sent.sending(letter.key, f"{MAIL}{letter.subject}")
        try:
            postman.deliver(mail)
        except RefusedError:
            sent.failed(letter.key)
            raise
        except UncertainError as error:
            sent.uncertain(letter.key)
            done.trouble.append(
                f"the mail server fell silent while it took {letter.subject} ({letter.key}), "
                f"which may not have gone ({plainly(error, SENDING)}); look, and send it by hand "
                "if so"
            )
            return
    except RefusedError as error:
        done.trouble.append(
            f"{where} did not go ({plainly(error, SENDING)}); see to [sending] in the settings"
        )
        return
    except OSError as error:
        done.trouble.append(f"{where} did not go: {plainly(error)}; a backfill writes it anew")
        return
    sent.sent(letter.key)
    done.sent += 1


def _into_outbox(letter: Letter, outbox: Outbox, sent: Sent, done: Dispatch) -> None:
    try:
        outbox.prepare(letter)
        sent.sending(letter.key, f"{OUTBOX}{outbox.folder}")
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
