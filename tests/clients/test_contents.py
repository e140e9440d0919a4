"""What old clients see in the published file: comments, and everything under another name."""

from pathlib import Path

from flows.warehouse.tables import public_tables
from schemas.declaration import DECLARATION
from tests.clients.clients import Client, published_state


def test_comments_of_tables_and_columns_are_seen(client: Client, published: Path) -> None:
    seen = client.ask("comments", published)
    tables = public_tables(DECLARATION)
    assert dict(seen["tables"]) == {table.name: table.comment for table in tables}
    assert {(table, column): comment for table, column, comment in seen["columns"]} == {
        (table.name, column.name): column.comment for table in tables for column in table.columns
    }


def test_a_file_attached_under_another_name_can_be_queried(client: Client, published: Path) -> None:
    seen = client.ask("attached", published)
    tables = public_tables(DECLARATION)
    assert set(seen["after_use"]) == {table.name for table in tables}
    for name in ("monthly_figure", "social_assistance", "coverage", "facility", "growth"):
        assert seen["after_use"][name], name
    assert seen["state"] == published_state(published)
    # DuckDB 1.1 looks for what a view is made of in the current database only: there a
    # view wants USE, a table does not.
    views = {table.name for table in tables if table.query is not None}
    by_name, expected = dict(seen["by_name"]), dict(seen["after_use"])
    if client.version.startswith("1.1."):
        by_name = {name: each for name, each in by_name.items() if name not in views}
        expected = {name: each for name, each in expected.items() if name not in views}
    assert by_name == expected
