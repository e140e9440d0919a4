"""Whatever byte of archive, releases or copies is flipped, verifying says so, and says the file."""

import random
from pathlib import Path

import pytest

from flows.verifying.verify import verify
from tests.homes import Place
from tests.verifying.damage import LATER, flipped, write_over

ROUNDS, AT_ONCE = 5, 30


@pytest.mark.parametrize(
    "folder", ["data/raw/archive", "data/raw/releases", "data/warehouse/parquet"]
)
def test_any_flipped_bit_is_noticed(home: Place, folder: str) -> None:
    chance = random.Random(folder)
    files = sorted(
        each
        for each in (home.folder / folder).rglob("*")
        if each.is_file() and each.name not in (".sha256", ".lines")
    )
    for _ in range(ROUNDS):
        flips = [
            (each, chance.randrange(each.stat().st_size), chance.randrange(8))
            for each in chance.sample(files, min(AT_ONCE, len(files)))
        ]
        for path, at, bit in flips:
            write_over(path, flipped(at, bit))
        found = verify(home.home(LATER), quick=True)
        for path, at, bit in flips:
            write_over(path, flipped(at, bit))
        named = {each.where for each in found.problems}
        missed = [each for each in flips if not named & names(each[0])]
        assert missed == []
    assert verify(home.home(LATER), quick=True).ok


@pytest.mark.parametrize("name", [".sha256", ".lines"])
def test_any_flipped_bit_of_what_is_kept_of_the_copies(home: Place, name: str) -> None:
    path = home.folder / "data/warehouse/parquet" / name
    chance = random.Random(name)
    for _ in range(6):
        at, bit = chance.randrange(path.stat().st_size), chance.randrange(8)
        write_over(path, flipped(at, bit))
        found = verify(home.home(LATER), quick=True)
        write_over(path, flipped(at, bit))
        assert found.problems or found.notices, (at, bit)


def names(path: Path) -> set[str]:
    """The file itself, that whose receipt it is, or the manifest that says its hash."""
    return {str(path), str(path).removesuffix(".receipt.json"), str(path.parent / "release.json")}
