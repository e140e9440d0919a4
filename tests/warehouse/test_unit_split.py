"""Declared splits stand in the warehouse."""

import dataclasses
import shutil
from datetime import date
from pathlib import Path

from flows.documenting.dictionary import data_dictionary
from flows.warehouse.working import open_working
from schemas.declaring.model import Split
from tests.computing.small import A, B, C, district

WHOLE = district(A, B, C)
SPLIT = dataclasses.replace(WHOLE, splits=(Split(date(2022, 7, 1), "A", ("B", "C")),))


def test_a_split_is_a_row_for_each_part(tmp_path: Path) -> None:
    store = open_working(tmp_path / "minzheng.duckdb", SPLIT)
    rows = store.rows("SELECT split_on, source, into_code FROM main.unit_split ORDER BY ALL")
    store.close()
    assert rows == [(date(2022, 7, 1), "A", "B"), (date(2022, 7, 1), "A", "C")]


def test_a_split_that_is_declared_later_computes_everything_anew(tmp_path: Path) -> None:
    published = tmp_path / "minzheng.duckdb"
    store = open_working(published, WHOLE)
    store.close()
    shutil.move(store.path, published)
    again = open_working(published, WHOLE)
    again.close()
    later = open_working(published, SPLIT)
    rows = later.rows("SELECT count(*) FROM main.unit_split")
    later.close()
    assert (again.redeclared, later.redeclared, rows) == (False, True, [(2,)])


def test_the_dictionary_says_what_was_split() -> None:
    assert "| 2022-07-01 | A | B, C |" in data_dictionary(SPLIT)
    assert "split on" not in data_dictionary(WHOLE)
