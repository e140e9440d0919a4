"""The archive: every file ever received, unchanged, read-only, with its receipt."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.collecting.journal import read_time, write_time
from flows.errors import NotThere
from flows.naming import plain, shown

RECEIPT = ".receipt.json"
PART = ".part"
_NUMBERED = re.compile(r"(\d{4}/\d\d/\d\d/[0-9a-f]{12})-(?:(\d+)~)?")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is known of a file's arrival. Times are UTC; `archived_as` is below the archive."""

    submission: str
    archived_as: str
    sha256: str
    size: int
    received_at: dt.datetime
    run: str
    channel: str
    sender: str
    name: str
    source: str
    """Where the channel had it: for the folder, its path below the inbox."""
    modified: float
    """The file's modification time, in seconds since 1970: the order of arrival."""
    key: str = ""
    """What the channel knows it by."""
    units: tuple[str, ...] | None = None
    """The codes of the units that its channel let it speak for, on its day; None for any."""
    member: str = ""
    """For a file that came in a zip, its place there: `archived_as` is the zip."""

    def of_member(self, place: str, name: str, size: int, sha256: str) -> Receipt:
        """The receipt of a file in the zip that this is the receipt of."""
        return replace(
            self,
            submission=f"{self.submission}.{place.replace('/', '.')}",
            name=f"{self.name}/{name}",
            size=size,
            sha256=sha256,
            member=place,
        )


# With an indent the encoder would be Python's own, many times slower.
_FIELD_A_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",\n ", ": "))
_RECEIPT_FIELDS = tuple(each.name for each in fields(Receipt) if each.name != "member")
_LONGEST_NAME = 400
_SEAL = "receipt_sha256"
"""The field with the hash of the others as they are written: a receipt has no other witness."""


class Archive:
    """The archive of one home; `named` tells which of its files the journal names."""

    def __init__(
        self, folder: Path, time_zone: str, named: Callable[[], Iterable[str]] = tuple
    ) -> None:
        self.folder = folder
        self.zone = ZoneInfo(time_zone)
        self._named = named
        self._held: Counter[str] | None = None
        self._stored: dict[str, Receipt] = {}

    def store(
        self,
        content: bytes,
        *,
        received_at: dt.datetime,
        run: str,
        channel: str,
        sender: str,
        name: str,
        source: str,
        modified: float,
        key: str = "",
        units: tuple[str, ...] | None = None,
    ) -> Receipt:
        """Write a file and its receipt. `sync` must follow before the source may go.

        The name is kept without letters that show nothing and may change how others are shown.
        """
        name = shown(name)[:_LONGEST_NAME]
        digest = hashlib.sha256(content).hexdigest()
        day = received_at.replace(tzinfo=dt.UTC).astimezone(self.zone).date()
        safe = _safe_name(name)
        number = self._take_number(f"{day:%Y/%m/%d}/{digest[:12]}")
        archived_as = f"{day:%Y/%m/%d}/{digest[:12]}-{safe}"
        submission = f"{day:%Y%m%d}-{digest[:12]}"
        if number > 1:  # the same bytes, received more than once on a day
            archived_as = f"{day:%Y/%m/%d}/{digest[:12]}-{number}~{safe}"
            submission += f"-{number}"
        receipt = Receipt(
            submission=submission,
            archived_as=archived_as,
            sha256=digest,
            size=len(content),
            received_at=received_at,
            run=run,
            channel=channel,
            sender=sender,
            name=name,
            source=source,
            modified=modified,
            key=key,
            units=units,
        )
        path = self.folder / archived_as
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(str(path), content)
        _write(f"{path}{RECEIPT}", _to_json(receipt))
        self._stored[archived_as] = receipt
        return receipt

    def adopt(self, receipt: Receipt, run: str, clock: dt.datetime) -> Receipt:
        """Give a file that another run has stored, and not announced, to this run.

        Its clock may lie before that of the other run, and nothing is received after it.
        """
        receipt = replace(receipt, run=run, received_at=min(receipt.received_at, clock))
        path = f"{self.folder / receipt.archived_as}{RECEIPT}"
        _write(path + PART, _to_json(receipt))
        _let_go(path)
        Path(path + PART).replace(path)
        self._held = None  # its number is taken too
        self._stored[receipt.archived_as] = receipt
        return receipt

    def wrote(self, receipt: Receipt) -> bool:
        """Whether this very run has put the file there."""
        return receipt.archived_as in self._stored

    def whole(self, receipt: Receipt) -> bool:
        """Whether the file is there, as its receipt says."""
        try:
            content = self.path(receipt).read_bytes()
        except OSError:
            return False
        return hashlib.sha256(content).hexdigest() == receipt.sha256

    def _take_number(self, start: str) -> int:
        """The number of the next file that is archived under a name with that start.

        What the journal does not name a run has left that was killed: it is written over.
        """
        if self._held is None:
            self._held = Counter()
            for each in (*self._named(), *self._stored):
                self._hold(self._held, each)
        self._held[start] += 1
        return self._held[start]

    @staticmethod
    def _hold(held: Counter[str], archived_as: str) -> None:
        if parts := _NUMBERED.match(archived_as):
            start, number = parts.groups()
            held[start] = max(held[start], int(number or 1))

    def sync(self) -> None:
        """Have all that was stored on the disk: one sync a batch, not one a file."""
        if hasattr(os, "sync"):
            os.sync()

    def path(self, receipt: Receipt) -> Path:
        """Where the file lies."""
        return self.folder / receipt.archived_as

    def receipt(self, archived_as: str) -> Receipt:
        """The receipt of an archived file; NotThere where it cannot be read."""
        stored = self._stored.get(archived_as)  # what this run wrote need not be read again
        try:
            return stored or _from_json((self.folder / (archived_as + RECEIPT)).read_bytes())
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise NotThere(
                f"The receipt of the archived file {archived_as} cannot be read; "
                "restore it from the backup."
            ) from error

    def receipts(self) -> Iterator[Receipt]:
        """Every receipt in the archive; one cut short by a crash is not one yet."""
        for path in sorted(self.folder.rglob(f"*{RECEIPT}")):
            try:
                yield _from_json(path.read_bytes())
            except (ValueError, TypeError, KeyError):
                continue


def _safe_name(name: str) -> str:
    """The name without what a file system refuses, at most 150 bytes, its ending kept."""
    clean = plain(name) or "unnamed"
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = clean, ""
    while len(stem.encode()) > 130:
        stem = stem[:-1]
    return f"{stem}.{ending}" if ending else stem


def _write(path: str, content: bytes) -> None:
    # Read-only from the start. A crash may leave half a file: it has no valid receipt yet,
    # or one whose hash it does not match, and was never announced.
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    try:
        file = os.open(path, flags, 0o440)
    except FileExistsError:
        _let_go(path)
        Path(path).unlink()
        file = os.open(path, flags, 0o440)
    with os.fdopen(file, "wb") as opened:
        opened.write(content)
        if not hasattr(os, "sync"):  # Windows: then each for itself
            opened.flush()
            os.fsync(opened.fileno())


def _let_go(path: str) -> None:
    """Windows neither replaces nor removes what is read-only."""
    if os.name == "nt" and Path(path).exists():
        Path(path).chmod(0o640)


def _to_json(receipt: Receipt) -> bytes:
    said = _said(receipt)
    sealed = said | {_SEAL: hashlib.sha256(_encoded(said)).hexdigest()}
    return _encoded(sealed)


def _said(receipt: Receipt) -> dict[str, object]:
    content = {name: getattr(receipt, name) for name in _RECEIPT_FIELDS}
    for name in ("key", "units"):  # receipts from before there were channels have none
        if not content[name] and content[name] != ():
            del content[name]
    return content | {"received_at": write_time(receipt.received_at)}


def _encoded(content: dict[str, object]) -> bytes:
    return (_FIELD_A_LINE.encode(content) + "\n").encode()


def _from_json(content: bytes) -> Receipt:
    read = json.loads(content)
    read.pop(_SEAL, None)
    if read.get("units") is not None:
        read["units"] = tuple(read["units"])
    return Receipt(**(read | {"received_at": read_time(read["received_at"])}))


def read_receipt(content: bytes) -> tuple[Receipt, bool]:
    """A receipt from its bytes, and whether they are those that were written.

    ValueError, TypeError or KeyError where they are none. One from before receipts were
    sealed has no hash of its own: of it only the form is compared.
    """
    receipt = _from_json(content)
    return receipt, content in (_to_json(receipt), _encoded(_said(receipt)))
