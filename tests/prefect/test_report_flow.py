"""The flow that writes the report after the night: of the last quarter, where none is named."""

from pathlib import Path

import pytest

from tests.homes import Place


def test_the_last_quarters_report_is_written(
    few_units: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.report import report_flow

    place = few_units.copied(tmp_path / "home")
    monkeypatch.setenv("MINZHENG_HOME", str(place.folder))
    monkeypatch.setenv("MINZHENG_SCHEMAS", place.schemas)
    folder = place.folder / "data/reports/2023Q1"
    assert report_flow.fn() == {
        "quarter": "2023Q1",
        "release": None,
        "maturity": "provisional",
        "folder": str(folder),
    }
    assert {each.name for each in folder.iterdir()} == {
        *("report.docx", "index.html", "tables.xlsx", "charts"),
    }
