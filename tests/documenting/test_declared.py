"""What the docs are made from says what it should: codes, comments, help."""

import re
from collections import Counter
from pathlib import Path

import click
import pytest

from flows.cli import program
from flows.documenting.rules import all_rules
from flows.warehouse.tables import public_tables
from flows.warehouse.working import open_working
from schemas.declaration import DECLARATION
from schemas.declaring.district import Declaration
from tests.second_district.declaration import DECLARATION as LIBRARIES

README = Path(__file__).parents[2] / "README.md"
DISTRICTS = pytest.mark.parametrize(
    "declaration", [DECLARATION, LIBRARIES], ids=["district", "libraries"]
)


@DISTRICTS
def test_every_rule_code_is_unique(declaration: Declaration) -> None:
    times = Counter(rule.code for rule in all_rules(declaration))
    assert [code for code, number in times.items() if number > 1] == []


@DISTRICTS
def test_every_rule_says_what_should_hold(declaration: Declaration) -> None:
    for rule in all_rules(declaration):
        assert re.fullmatch(r"[A-Z]\d{2,4}[CR]{0,2}", rule.code)
        assert rule.summary
        assert rule.message.endswith("。")


@DISTRICTS
def test_every_figure_code_is_its_forms_number_and_a_line(declaration: Declaration) -> None:
    for form in declaration.forms:
        for figure in form.figures:
            assert re.fullmatch(rf"{form.number}\d\d", figure.code)
            assert figure.definition


@DISTRICTS
def test_every_public_table_and_column_has_a_comment_in_the_file(
    declaration: Declaration, tmp_path: Path
) -> None:
    store = open_working(tmp_path / "minzheng.duckdb", declaration)
    tables = store.rows(
        "SELECT table_name, comment FROM duckdb_tables() WHERE schema_name = 'main' "
        "UNION ALL SELECT view_name, comment FROM duckdb_views() "
        "WHERE schema_name = 'main' AND NOT internal"
    )
    columns = store.rows(
        "SELECT table_name || '.' || column_name, comment FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND NOT internal"
    )
    store.close()
    assert {str(name) for name, _ in tables} == {each.name for each in public_tables(declaration)}
    assert len(columns) == sum(len(each.columns) for each in public_tables(declaration))
    assert [name for name, comment in (*tables, *columns) if not comment] == []


@pytest.mark.parametrize("name", sorted(program.commands))
def test_every_command_and_option_has_help(name: str) -> None:
    command = program.commands[name]
    assert command.help
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert [each.name for each in options if not each.help] == []


def test_the_readme_names_only_commands_that_are_there() -> None:
    text = README.read_text(encoding="utf-8").split("## Limits")[0]
    named = set(re.findall(r"minzheng ([a-z]+)", text))
    assert named <= set(program.commands)
    assert set(program.commands) <= set(re.findall(r"[a-z-]+", text))
