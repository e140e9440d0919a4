"""What may be wrong with a home before a night: folders that are read-only, leftovers, damage."""

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path


def _append(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(content)


def _lock(folder: str) -> Callable[[Path], None]:
    return lambda home: (home / folder).chmod(0o555)


READ_ONLY: dict[str, Callable[[Path], None]] = {
    f"{folder} read-only": _lock(folder)
    for folder in (
        "data/raw",
        "data/raw/inbox",
        "data/raw/inbox/濯水镇",
        "data/raw/archive",
        "data/warehouse",
        "data/warehouse/building",
        "data/warehouse/parquet",
        "data/warehouse/parquet/growth",
        "data/raw/returned",
        "data/raw/decisions.jsonl",
    )
}
"""By what is done to the home; undone by `unlock`."""


def unlock(home: Path) -> None:
    """Give the folders back their modes."""
    for path in (home / "data", *(home / "data").rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    (home / "data/raw/decisions.jsonl").chmod(0o644)


def _garbage(home: Path) -> None:
    _append(home / "data/warehouse/building/minzheng.duckdb", b"\x00garbage" * 5000)


def _copied_aside(home: Path) -> Path:
    copy = home / "data/warehouse/building/minzheng.duckdb"
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes((home / "data/warehouse/minzheng.duckdb").read_bytes())
    return copy


def _truncated(home: Path) -> None:
    copy = _copied_aside(home)
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 3])
    copy.with_name(copy.name + ".wal").write_bytes(b"half a log")


def _flipped(home: Path) -> None:
    copy = _copied_aside(home)
    content = bytearray(copy.read_bytes())
    for at in random.Random(1).sample(range(len(content)), 500):
        content[at] ^= 0xFF
    copy.write_bytes(content)


def _spilled(home: Path) -> None:
    _append(home / "data/warehouse/building/minzheng.duckdb.tmp/duckdb_temp_storage-0.tmp", b"x")


def _parts(home: Path) -> None:
    _append(home / "data/warehouse/parquet/growth/data.parquet.part", b"PAR1half")
    _append(home / "data/raw/returned/2022-04/濯水镇/.四月.xlsx.part", b"PK\x03\x04half")
    _append(home / "data/raw/releases/.2022Q1.part/release.json", b'{"half')


def _stale_lock(home: Path) -> None:
    _append(home / "data/warehouse/.lock", b"1234")


def _half_line(home: Path) -> None:
    _append(home / "data/raw/decisions.jsonl", '{"event": "received", "run": "二'.encode()[:-1])


def _half_receipt(home: Path) -> None:
    """As a night leaves it that was cut off by the power: a file, and half of its receipt."""
    source = home / "data/raw/inbox/四月.zip"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    file = home / f"data/raw/archive/2022/05/05/{digest}-四月.zip"
    _append(file, source.read_bytes())
    _append(file.with_name(file.name + ".receipt.json"), b'{"submission": "2022')


def _half_file(home: Path) -> None:
    """As above, the other way round: the receipt is whole."""
    source = home / "data/raw/inbox/四月.zip"
    content = source.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    archived = f"2022/05/05/{digest[:12]}-四月.zip"
    file = home / "data/raw/archive" / archived
    _append(file, content[:100])
    receipt = {
        "submission": f"20220505-{digest[:12]}",
        "archived_as": archived,
        "sha256": digest,
        "size": len(content),
        "received_at": "2022-05-05T15:00:00.000000Z",
        "run": "20220505T150000-4",
        "channel": "folder",
        "sender": "",
        "name": "四月.zip",
        "source": "四月.zip",
        "modified": source.stat().st_mtime,
    }
    _append(file.with_name(file.name + ".receipt.json"), json.dumps(receipt).encode())
    run = {"event": "run", "run": receipt["run"], "kind": "nightly"}
    line = json.dumps(run | {"started_at": receipt["received_at"]}) + "\n"
    _append(home / "data/raw/decisions.jsonl", line.encode())


def _bad_mark(home: Path) -> None:
    (home / "data/warehouse/parquet/.lines").write_bytes(b"\xff\xfe")


DAMAGE: dict[str, Callable[[Path], None]] = {
    "working copy of garbage": _garbage,
    "working copy cut": _truncated,
    "working copy with flipped bits": _flipped,
    "working copy's spilled rows": _spilled,
    "stale parts": _parts,
    "stale lock": _stale_lock,
    "half a line": _half_line,
    "half a receipt": _half_receipt,
    "half a file": _half_file,
    "unreadable mark": _bad_mark,
}
"""What an earlier run may have left, or a disk have done to what was left."""
