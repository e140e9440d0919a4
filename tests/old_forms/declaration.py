"""The project's declaration with the 2021 versions of two of its forms laid over it."""

import dataclasses

from schemas.declaration import DECLARATION as TODAY
from schemas.declaring.balances import between, sum_of
from schemas.declaring.model import FigureForm
from schemas.declaring.periods import parse_month
from schemas.declaring.versions import with_old_version
from schemas.forms import funeral_reform, social_assistance
from schemas.forms.social_assistance import FUNDS, SCHEMES

FIRST, LAST = parse_month("2021-01"), parse_month("2021-12")
_PAID_THEN = (*(each for each in FUNDS if each != "other_relief_funds"), "relief_funds")
_PEOPLE = [each.name for each in social_assistance.FORM.figures if each.unit != "万元"]
_THEN = (*_PAID_THEN, *_PEOPLE)
SOCIAL_ASSISTANCE = with_old_version(
    social_assistance.FORM,
    LAST,
    first=FIRST,
    # What was paid stood first, so that every code of then means another line now.
    codes={name: f"01{number:02d}" for number, name in enumerate(_THEN, 1)},
    names={"assisted_people": "困难群众救助总人数"},
    asked_in={"temporary_aid_funds": "元"},
    absent=("other_relief_funds",),
    # These two say codes in their sentences.
    without=("B0103", "B0105", "B0105R", "B0105C", "B0105CR"),
    rules=(
        *between(
            "B0193", "assisted_people", SCHEMES, "困难群众救助总人数", "八类救助对象（0109等）"
        ),
        *sum_of(
            "B0195",
            "relief_funds",
            _PAID_THEN[:-1],
            "民政保障资金支出合计",
            "上列六项支出（0101至0106）",
        ),
    ),
)
FUNERAL_REFORM = with_old_version(
    funeral_reform.FORM,
    LAST,
    first=FIRST,
    codes={
        "living_tombs_removed": "0601",
        "living_tombs_found": "0602",
        "living_tombs_registered": "0603",
        "burial_sites_planned": "0604",
    },
    absent=("living_tombs_self_removed",),
)


def with_forms(*forms: FigureForm) -> tuple[FigureForm, ...]:
    """The forms of today with these in the place of those of their names."""
    instead = {form.name: form for form in forms}
    return tuple(instead.get(form.name, form) for form in TODAY.forms)


DECLARATION = dataclasses.replace(TODAY, forms=with_forms(SOCIAL_ASSISTANCE, FUNERAL_REFORM))
