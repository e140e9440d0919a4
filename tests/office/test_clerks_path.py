"""A clerk's path through LibreOffice: template, mistake, return, reason, accepted."""

from pathlib import Path

import pytest

from flows.demo.world import World
from flows.templating.sheets import FIRST_ROW
from tests.homes import TOWN, Place
from tests.office.filling import HandedOut, fill_in
from tests.office.libreoffice import Document, Office

RELIEF, REHABILITATION = "社会救助月报表", "精神障碍社区康复月报表"
HOUSEHOLDS, STATIONS = f"E{FIRST_ROW}", f"E{FIRST_ROW}"
REASON = "新开的站下月补录台账"


def row_of(document: Document, sheet: str, text: str) -> int:
    """The row of the list in which a text stands, from 1."""
    rows = document.texts(sheet, "A1:M40")
    return next(at for at, row in enumerate(rows, 1) if any(text in cell for cell in row))


def states(place: Place) -> dict[str, str]:
    return dict(
        place.query(
            "SELECT f.form, f.state FROM submission_form f JOIN submission s USING (submission) "
            "WHERE s.month = '2023-03-01' QUALIFY row_number() OVER "
            "(PARTITION BY f.form ORDER BY s.received_at DESC) = 1"
        )
    )


def inbox(place: Place, path: Path) -> Path:
    target = place.folder / "data/raw/inbox" / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    path.rename(target)
    return target


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_from_the_template_to_accepted(
    office: Office, handed_out: HandedOut, district: World, tmp_path: Path, ending: str
) -> None:
    place = handed_out.place.copied(tmp_path / "home")
    with office.open(handed_out.path(TOWN)) as document:
        fill_in(document, district, TOWN)
        right = document.text(RELIEF, HOUSEHOLDS)
        document.set(RELIEF, HOUSEHOLDS, "9999")
        document.set(REHABILITATION, STATIONS, "41")
        assert "需改正" in document.text(RELIEF, f"K{FIRST_ROW}")
        assert "请核实" in document.text(REHABILITATION, f"K{FIRST_ROW}")
        inbox(place, document.store(tmp_path / f"濯水镇三月.{ending}"))
    place.night("2023-04-03T23:00")
    held = {form for form, state in states(place).items() if state == "held"}
    assert held == {"social_assistance", "mental_rehabilitation"}
    ((file,),) = place.query("SELECT file FROM returned")
    assert file == "2023-03/濯水镇/濯水镇三月.xlsx"
    with office.open(place.folder / "data/raw/returned" / file) as document:
        listed = next(iter(document.sheets()))
        document.set(RELIEF, HOUSEHOLDS, right)
        document.set(listed, f"M{row_of(document, listed, REHABILITATION)}", REASON)
        inbox(place, document.store(tmp_path / f"濯水镇三月改.{ending}"))
    place.night("2023-04-04T23:00")
    assert set(states(place).values()) == {"accepted"}
    assert place.query(
        "SELECT form, step FROM form_step WHERE step IN ('put_right', 'explained') ORDER BY form"
    ) == [("mental_rehabilitation", "explained"), ("social_assistance", "put_right")]
    assert (
        place.query(
            "SELECT state FROM coverage WHERE month = '2023-03-01' AND unit_code = ? "
            "AND state <> 'on_time'",
            TOWN,
        )
        == []
    )
