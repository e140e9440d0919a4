"""An archived file or receipt that is damaged, gone, unknown or open to writing is named."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.homes import Place
from tests.verifying.damage import (
    archived,
    flipped,
    problems,
    receipt_of,
    short,
    verified,
    write_over,
)


def name_of(place: Place, path: Path) -> str:
    return short(place, str(path))


@pytest.mark.parametrize("at", [0, 1000, -1])
def test_a_byte_of_a_file(home: Place, at: int) -> None:
    path = archived(home)
    write_over(path, flipped(at % path.stat().st_size))
    found = verified(home, quick=False)
    ((what, where, said),) = found.problems
    assert (what, where) == ("file_altered", str(path))
    assert said == (
        f"{path} is not what was received (its SHA-256 is another); restore it from the backup."
    )
    assert [each.what for each in found.notices] == ["not_replayed"]


def test_a_file_that_was_cut(home: Place) -> None:
    path = archived(home)
    size = path.stat().st_size
    write_over(path, lambda content: content[:-10])
    (problem,) = verified(home).problems
    assert problem.what == "file_altered"
    assert f"has {size - 10} bytes where {size} were received" in problem.said


def test_a_file_that_is_gone(home: Place) -> None:
    path = archived(home)
    path.unlink()
    assert problems(home) == [("file_missing", name_of(home, path))]


def test_a_receipt_that_is_gone(home: Place) -> None:
    path = archived(home)
    receipt_of(path).unlink()
    assert problems(home) == [("receipt_missing", name_of(home, path))]


def test_a_file_that_is_gone_with_its_receipt(home: Place) -> None:
    path = archived(home)
    path.unlink()
    receipt_of(path).unlink()
    assert problems(home) == [("file_missing", name_of(home, path))]


def test_a_receipt_with_another_size(home: Place) -> None:
    path = archived(home)

    def edit(content: bytes) -> bytes:
        read = json.loads(content)
        return json.dumps(read | {"size": read["size"] + 1}, ensure_ascii=False).encode()

    write_over(receipt_of(path), edit)
    assert problems(home) == [("receipt_altered", name_of(home, path))]


def test_a_receipt_that_was_cut(home: Place) -> None:
    path = archived(home)
    write_over(receipt_of(path), lambda content: content[:40])
    assert problems(home) == [("receipt_unreadable", name_of(home, path))]


def test_a_receipt_from_before_receipts_were_sealed_is_compared_with_the_warehouse(
    home: Place,
) -> None:
    path = archived(home)

    def unsealed(content: bytes) -> bytes:
        body, _, _ = content.partition(b',\n "receipt_sha256"')
        return body + b"}\n"

    write_over(receipt_of(path), unsealed)
    assert problems(home, quick=False) == []
    write_over(receipt_of(path), lambda content: content.replace(b'"folder"', b'"fo1der"'))
    ((what, where),) = problems(home)
    assert what == "submission_differs"
    assert where.startswith("submission 2022")


def test_a_receipt_that_lies_beside_another_file(home: Place) -> None:
    one, other = sorted((home.folder / "data/raw/archive").rglob("*.xlsx"))[:2]
    content = receipt_of(other).read_bytes()
    write_over(receipt_of(one), lambda _: content)
    assert problems(home) == [("receipt_altered", name_of(home, one))]


def test_what_nobody_archived(home: Place) -> None:
    path = archived(home)
    stray = path.with_name("笔记.txt")
    stray.write_text("x", encoding="utf-8")
    stray.chmod(0o444)
    (path.parent / "link").symlink_to(path)
    assert sorted(problems(home, quick=False)) == sorted(
        [("stray", name_of(home, stray)), ("stray", name_of(home, path.parent / "link"))]
    )


def test_a_whole_file_that_no_line_names(home: Place) -> None:
    path = archived(home)
    folder = path.parent.parent / "28"
    folder.mkdir()
    for each in (path, receipt_of(path)):
        shutil.copy2(each, folder / each.name)
    receipt = receipt_of(folder / path.name)
    assert problems(home) == [("stray", name_of(home, folder / path.name))]
    assert receipt.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such modes")
def test_files_that_can_be_written_are_said_in_one_sentence(home: Place) -> None:
    path = archived(home)
    path.chmod(0o644)
    receipt_of(path).chmod(0o464)
    found = verified(home, quick=False)
    ((what, where, said),) = found.problems
    assert (what, where) == ("writable", str(path))
    assert said.startswith("2 of the files below ")
    assert found.notices == []


def test_all_that_is_damaged_is_named(home: Place) -> None:
    paths = sorted((home.folder / "data/raw/archive").rglob("*.xlsx"))[:40]
    for each in paths:
        write_over(each, flipped(7))
    assert sorted(problems(home)) == [("file_altered", name_of(home, each)) for each in paths]
