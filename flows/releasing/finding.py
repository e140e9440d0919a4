"""Releases as a person names them."""

from __future__ import annotations

import duckdb

from flows.errors import Misuse, NotThere


def find_release(connection: duckdb.DuckDBPyConnection, said: str) -> str:
    """The name of a release; NotThere where there is none."""
    names = [
        str(name)
        for (name,) in connection.execute(
            "SELECT release FROM main.release ORDER BY as_of, release"
        ).fetchall()
    ]
    if said not in names:
        raise NotThere(
            f"There is no release {said!r}; "
            + (f"there are: {', '.join(names)}." if names else "none has been made yet.")
        )
    return said


def find_release_of(connection: duckdb.DuckDBPyConnection, said: str, label: str) -> str:
    """The name of a release of the quarter; Misuse where it is of another one."""
    name = find_release(connection, said)
    ((own,),) = connection.execute(
        "SELECT quarter FROM main.release WHERE release = ?", [name]
    ).fetchall()
    if own != label:
        raise Misuse(
            f"The release {name} is of {own}; ask for --quarter {own}, or name a release of {label}."
        )
    return name
