"""What the pages offer for copying runs, with the newest and with the oldest client."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.clients import OWN, VERSIONS, installed
from tests.homes import Place
from tests.pages import QUERIES, README, Block, blocks

OLDEST = VERSIONS[0]
STATEMENTS = [*blocks(README, "sql"), *blocks(QUERIES, "sql")]
WAREHOUSE = "data/warehouse/minzheng.duckdb"
LANGUAGES = {"sql", "python", "bash", "js", "r"}
"""Those of which each block is run, here and in the tests of the tools."""


def the_line(block: Block) -> str:
    return f"line {block.line}"


@pytest.mark.parametrize("block", STATEMENTS, ids=the_line)
def test_a_query_finds_rows(
    few_units: Place, monkeypatch: pytest.MonkeyPatch, block: Block
) -> None:
    monkeypatch.chdir(few_units.folder)
    rows = few_units.query(block.text)
    assert rows


def test_the_oldest_client_answers_all_queries_alike(
    few_units: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(few_units.folder)
    asked = tmp_path / "asked.json"
    asked.write_text(json.dumps([block.text for block in STATEMENTS]), encoding="utf-8")
    answers = {
        version: installed(version).ask("answers", few_units.folder / WAREHOUSE, asked)["answers"]
        for version in (OLDEST, OWN)
    }
    for block, old, new in zip(STATEMENTS, answers[OLDEST], answers[OWN], strict=True):
        assert old == new, the_line(block)


@pytest.mark.parametrize("version", [OLDEST, OWN])
@pytest.mark.parametrize(
    "block", [*blocks(README, "python"), *blocks(QUERIES, "python")], ids=the_line
)
def test_a_script_in_python_prints_the_townships(
    few_units: Place, tmp_path: Path, block: Block, version: str
) -> None:
    (tmp_path / "data").symlink_to(few_units.folder / "data")
    (tmp_path / "minzheng-demo").symlink_to(few_units.folder)
    done = subprocess.run(
        [sys.executable, "-c", block.text],
        cwd=tmp_path,
        env=installed(version).environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "城东街道" in done.stdout


def test_no_block_of_the_page_is_left_untried() -> None:
    assert {block.language for block in blocks(QUERIES)} == LANGUAGES
    fences = QUERIES.read_text(encoding="utf-8").count("```")
    assert fences == 2 * len(blocks(QUERIES))


def test_the_page_has_every_heading_that_it_lists() -> None:
    text = QUERIES.read_text(encoding="utf-8")
    listed = re.findall(r"^- \[(.+)\]\(#(.+)\)$", text, re.MULTILINE)
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert [title for title, _ in listed] == headings
    for title, anchor in listed:
        assert re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") == anchor
