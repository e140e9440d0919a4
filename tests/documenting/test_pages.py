import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.documenting.pages import pages, stale, write
from schemas.declaration import DECLARATION
from tests.second_district.declaration import DECLARATION as LIBRARIES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wanted() -> dict[str, str]:
    return pages(DECLARATION)


def test_generated_docs_are_current(wanted: dict[str, str]) -> None:
    found = [path.name for path in stale(ROOT / "docs", wanted)]
    assert found == [], "run `uv run python -m flows.documenting`"


def test_same_declaration_gives_same_pages(wanted: dict[str, str]) -> None:
    assert pages(DECLARATION) == wanted


def test_writing_brings_a_folder_up_to_date_and_then_changes_nothing(
    tmp_path: Path, wanted: dict[str, str]
) -> None:
    assert [path.name for path in write(tmp_path / "docs", wanted)] == list(wanted)
    assert write(tmp_path / "docs", wanted) == []


def test_check_names_each_stale_file_and_fails(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    rules = tmp_path / "docs" / "rules.md"
    rules.write_text(rules.read_text(encoding="utf-8") + "more\n", encoding="utf-8")
    (tmp_path / "docs" / "settings.md").unlink()
    command = [sys.executable, "-m", "flows.documenting", "--check", "--into"]
    done = subprocess.run(
        [*command, str(tmp_path / "docs")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.split(" is stale")[0] for line in lines] == [
        str(rules),
        str(tmp_path / "docs" / "settings.md"),
    ]
    assert rules.read_text(encoding="utf-8").endswith("more\n")


def test_every_figure_rule_indicator_and_ledger_column_is_documented(
    wanted: dict[str, str],
) -> None:
    dictionary = wanted["data-dictionary.md"]
    for figure in DECLARATION.figures.values():
        assert f"| {figure.code} | `{figure.name}` | {figure.name_zh} |" in dictionary
    for indicator in DECLARATION.indicators:
        assert f"| `{indicator.name}` | {indicator.name_zh} |" in dictionary
    for ledger in DECLARATION.ledgers:
        for column in ledger.columns:
            assert f"| `{column.name}` | {column.name_zh} |" in dictionary


def test_another_district_gets_its_own_pages_without_empty_sections() -> None:
    other = pages(LIBRARIES)
    assert other["data-dictionary.md"].startswith("# Data dictionary: 临江市 (900)")
    assert "## Ledgers" not in other["data-dictionary.md"]
    assert "`B2101`" in other["rules.md"]
    assert "低保" not in "".join(other[name] for name in ("data-dictionary.md", "rules.md"))
