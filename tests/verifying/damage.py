"""Homes to damage, and what verifying says of them."""

from collections.abc import Callable
from pathlib import Path

from flows.verifying.found import Found
from flows.verifying.verify import verify
from flows.warehouse.store import connect
from tests.homes import Place

LATER = "2023-05-01T09:00"


def verified(place: Place, *, quick: bool = True) -> Found:
    """What verifying the home finds; nothing on its disk changes by it."""
    before = everything(place.folder)
    found = verify(place.home(LATER), quick=quick)
    assert everything(place.folder) == before
    for each in (*found.problems, *found.notices):
        assert each.said[0].isupper() or each.said[0] in "/0123456789", each.said
        assert each.said.endswith((".", "+")), each.said
    return found


def everything(folder: Path) -> dict[Path, tuple[int, int, bytes]]:
    """Every file with its mode, time and content; the lock is no part of it."""
    return {
        each: (each.stat().st_mode, each.stat().st_mtime_ns, each.read_bytes())
        for each in sorted(folder.rglob("*"))
        if each.is_file() and each.name != ".lock"
    }


def problems(place: Place, *, quick: bool = True) -> list[tuple[str, str]]:
    """What is wrong, and where: paths from the archive's, the releases' or the home's folder on."""
    found = verified(place, quick=quick)
    return [(each.what, short(place, each.where)) for each in found.problems]


def short(place: Place, where: str) -> str:
    for folder in ("data/raw/archive", "data/raw/releases", "data/warehouse", "data/raw"):
        where = where.replace(f"{place.folder / folder}/", "")
    return where


def write_over(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a file, whatever its mode, and leave the mode as it was."""
    mode = path.stat().st_mode
    path.chmod(0o644)
    path.write_bytes(change(path.read_bytes()))
    path.chmod(mode)


def flipped(at: int, bit: int = 0) -> Callable[[bytes], bytes]:
    """The bytes with one bit changed."""

    def change(content: bytes) -> bytes:
        return content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :]

    return change


def archived(place: Place, name: str = "*.xlsx") -> Path:
    """The first archived file of that name."""
    return min((place.folder / "data/raw/archive").rglob(name))


def receipt_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.receipt.json")


def journal_of(place: Place) -> Path:
    return place.folder / "data/raw/decisions.jsonl"


def edit_lines(place: Place, edit: Callable[[list[bytes]], list[bytes]]) -> None:
    """Write the journal's lines anew."""
    path = journal_of(place)
    lines = edit(path.read_bytes().splitlines())
    path.write_bytes(b"".join(each + b"\n" for each in lines))


def execute(place: Place, *statements: str) -> None:
    """Change the published warehouse."""
    with connect(place.folder / "data/warehouse/minzheng.duckdb") as connection:
        for each in statements:
            connection.execute(each)
