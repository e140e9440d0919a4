"""minzheng report and report-template: what they write, say and refuse."""

import json
import re
import shutil
from pathlib import Path

import pytest

from flows.errors import Misuse
from flows.quarterly_report.files import put_in_place
from tests.cli.test_cli import run
from tests.homes import Place


@pytest.fixture(autouse=True)
def few(few_units: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINZHENG_SCHEMAS", few_units.schemas)


def read(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_report_is_written_whole_and_the_same_again(few_units: Place, tmp_path: Path) -> None:
    out = tmp_path / "2023Q1"
    (out / "share").mkdir(parents=True)
    (out / "share" / "growth.parquet").write_text("shared")
    (out / "charts").mkdir()
    (out / "charts" / "of_last_time.svg").write_text("old")
    words = "report", "--quarter", "2023Q1", "--out", str(out)
    result = run(few_units, *words, "--json")
    assert result.returncode == 0, result.stderr
    said = json.loads(result.stdout)
    files = read(out)
    # What was shared stays, a chart of an earlier report goes.
    assert files.pop("share/growth.parquet") == b"shared"
    assert {name: len(content) for name, content in files.items()} == said["files"]
    assert {"report.docx", "index.html", "tables.xlsx"} < set(files)
    assert {Path(name).suffix for name in files if name.startswith("charts/")} == {".svg", ".png"}
    assert (said["maturity"], said["forms_lacking"]) == ("provisional", 12)
    assert said["numbers_compared"] > 5000
    assert sum(map(len, files.values())) < 3_000_000
    again = run(few_units, *words)
    assert again.stdout.startswith("2023Q1: provisional, 12 forms missing or held\n")
    assert re.search(r"\d+ numbers in them are those of the warehouse\n$", again.stdout)
    assert read(out) == {**files, "share/growth.parquet": b"shared"}


def test_wrong_words_are_told_in_a_line(few_units: Place, tmp_path: Path) -> None:
    for words, code, said in (
        (("--quarter", "2023-03"), 2, "write it as 2023Q1"),
        (("--quarter", "2020Q1"), 5, "name a quarter that was reported"),
        (("--quarter", "2023Q1", "--release", "2022Q4"), 2, "ask for --quarter 2022Q4"),
        (("--quarter", "2023Q1", "--release", "R"), 5, "There is no release 'R'"),
    ):
        result = run(few_units, "report", "--out", str(tmp_path / "out"), *words)
        assert (result.returncode, said in result.stderr) == (code, True), result.stderr
    assert not (tmp_path / "out").exists()


def test_the_template_is_written_once_and_a_wrong_one_named(
    few_units: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "模板.docx"
    first = run(few_units, "report-template", "--out", str(file))
    assert (first.returncode, file.exists()) == (0, True)
    again = run(few_units, "report-template", "--out", str(file))
    assert (again.returncode, "name another file" in again.stderr) == (2, True)
    for template, code, said in (
        (str(tmp_path / "absent.docx"), 5, "correct the setting report_template"),
        (__file__, 2, "no Word document"),
    ):
        monkeypatch.setenv("MINZHENG_REPORT_TEMPLATE", template)
        result = run(few_units, "report", "--quarter", "2023Q1", "--out", str(tmp_path / "out"))
        assert (result.returncode, said in result.stderr) == (code, True), result.stderr
    monkeypatch.setenv("MINZHENG_REPORT_TEMPLATE", "")
    monkeypatch.setenv("MINZHENG_ROUNDING", "bankers")
    result = run(few_units, "report", "--quarter", "2023Q1", "--out", str(tmp_path / "out"))
    assert (result.returncode, "give half_up or gb8170" in result.stderr) == (2, True)


def test_what_cannot_be_replaced_leaves_the_last_report(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    put_in_place(folder, {"a.txt": b"1", "charts/b.txt": b"1"})
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Misuse, match="name a folder with --out"):
        put_in_place(tmp_path / "file", {"a.txt": b"2"})
    assert read(folder) == {"a.txt": b"1", "charts/b.txt": b"1"}
    assert [each.name for each in folder.iterdir() if each.name.startswith(".")] == []


@pytest.mark.parametrize("other", ["b", "c"])
def test_what_is_no_file_of_a_report_stays_with_the_whole_last_report(
    tmp_path: Path, other: str
) -> None:
    folder = tmp_path / "report"
    put_in_place(folder, {"a": b"1", "b/x": b"1", "c": b"1"})
    if other == "c":
        (folder / "c").unlink()
        (folder / "c").mkdir()
        (folder / "c" / "own").write_bytes(b"own")
    else:
        shutil.rmtree(folder / "b")
        (folder / "b").write_bytes(b"own")
    before = read(folder)
    with pytest.raises(Misuse, match="cannot be replaced"):
        put_in_place(folder, {"a": b"2", "b/x": b"2", "c": b"2"})
    assert read(folder) == before
    assert [each.name for each in folder.iterdir() if each.name.startswith(".")] == []


def test_a_full_disk_and_a_link_are_told_or_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "report"
    folder.mkdir()
    (tmp_path / "elsewhere").write_bytes(b"own")
    (folder / "a").symlink_to(tmp_path / "elsewhere")
    put_in_place(folder, {"a": b"1"})
    assert (read(folder), (tmp_path / "elsewhere").read_bytes()) == ({"a": b"1"}, b"own")

    def full(path: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(Misuse, match="No space left"):
        put_in_place(folder, {"a": b"2"})
    assert read(folder) == {"a": b"1"}
