"""The script that is usually written for such a task, to compare with."""

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pandas as pd
import pandera.pandas as pa

_NAMES = ("指标名称", "指标")
_AMOUNTS = ("本月数", "本月", "本期数", "本季数")
_FIGURES = pa.DataFrameSchema(
    {
        "file": pa.Column(str),
        "sheet": pa.Column(str),
        "name": pa.Column(str, pa.Check.str_length(min_value=1)),
        "value": pa.Column(float, pa.Check.ge(0), nullable=True),
    }
)
_CELLS = pa.DataFrameSchema(
    {
        "file": pa.Column(str),
        "sheet": pa.Column(str),
        "name": pa.Column(str, nullable=True),
        "value": pa.Column(float, nullable=True),
    }
)


def load(files: Sequence[Path], database: Path) -> int:
    """Read, check and insert file after file; how many rows there are in the end."""
    database.unlink(missing_ok=True)
    with duckdb.connect(str(database)) as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's, on what it leaves out
        connection.execute(
            "CREATE TABLE figure (file VARCHAR, sheet VARCHAR, name VARCHAR, value DOUBLE)"
        )
        for path in files:
            frame = pd.concat(_tables(path))
            connection.register("frame", frame)
            connection.execute("INSERT INTO figure SELECT * FROM frame")
            connection.unregister("frame")
        counted = connection.execute("SELECT count(*) FROM figure").fetchone()
    assert counted is not None
    return int(counted[0])


def _tables(path: Path) -> Iterator[pd.DataFrame]:
    for sheet, raw in pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl").items():
        yield _checked(path.name, str(sheet), raw)


def _checked(file: str, sheet: str, raw: pd.DataFrame) -> pd.DataFrame:
    heads = raw.index[raw.isin(_NAMES).any(axis=1)]
    body, name_at, value_at = raw, 0, None
    if len(heads):
        head = raw.loc[heads[0]]
        body = raw.loc[heads[0] + 1 :]
        name_at = head.index[head.isin(_NAMES)][0]
        found = head.index[head.isin(_AMOUNTS)]
        value_at = found[0] if len(found) else None
    frame = pd.DataFrame(
        {
            "file": file,
            "sheet": sheet,
            "name": body[name_at].astype("str"),
            "value": None if value_at is None else pd.to_numeric(body[value_at], errors="coerce"),
        }
    )
    frame = frame[frame["name"].notna()]
    frame["value"] = frame["value"].astype("float64")
    return (_CELLS if value_at is None else _FIGURES).validate(frame, lazy=True)
