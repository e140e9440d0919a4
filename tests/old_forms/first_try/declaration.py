"""The overlay as first declared, mistaken: 万元 where 元 were asked, two codes exchanged."""

import dataclasses

from schemas.declaration import DECLARATION as TODAY
from schemas.declaring.versions import with_old_version
from schemas.forms import funeral_reform, social_assistance
from tests.old_forms.declaration import FIRST, LAST, SOCIAL_ASSISTANCE, with_forms

_CODES = {each.name: each.code for each in SOCIAL_ASSISTANCE.figures if each.valid_to == LAST}
DECLARATION = dataclasses.replace(
    TODAY,
    forms=with_forms(
        with_old_version(
            social_assistance.FORM,
            LAST,
            first=FIRST,
            codes=_CODES,
            names={"assisted_people": "困难群众救助总人数"},
            absent=("other_relief_funds",),
            without=("B0103", "B0105", "B0105R", "B0105C", "B0105CR"),
        ),
        with_old_version(
            funeral_reform.FORM,
            LAST,
            first=FIRST,
            codes={
                "living_tombs_removed": "0602",
                "living_tombs_found": "0601",
                "living_tombs_registered": "0603",
                "burial_sites_planned": "0604",
            },
            absent=("living_tombs_self_removed",),
        ),
    ),
)
