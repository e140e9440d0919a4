"""The backfill flow: archived submissions through today's forms and rules again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from flows import pipeline
from flows.errors import Misuse
from flows.recording import flow, home_at, leave_page, patience, recorded, without_traceback
from flows.reporting.night import Summary
from schemas.declaring import periods
from schemas.declaring.district import Declaration

MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
Name = Annotated[str, Field(min_length=1, max_length=100)]


@flow(name="backfill", persist_result=False)
def backfill_flow(
    first_month: Annotated[str, Field(pattern=MONTH, description="As 2022-01")],
    last_month: Annotated[str, Field(pattern=MONTH, description="As 2023-03")],
    units: Annotated[tuple[Name, ...], Field(description="Names or codes; none for all")] = (),
    forms: Annotated[
        tuple[Name, ...], Field(description="As social_assistance; none for all")
    ] = (),
    note: Annotated[str, Field(max_length=500, description="Why, for the record")] = "",
) -> Summary:
    """Judge the archived submissions of some months again, by today's forms and rules."""

    def again() -> Summary:
        home = home_at(None)
        first, last = periods.parse_month(first_month), periods.parse_month(last_month)
        if first > last:
            raise Misuse("The first month lies after the last one; exchange them.")
        codes = unit_codes(home.declaration, units)
        outcome = pipeline.backfill(home, first, last, codes, forms, note, recorded, patience())
        return leave_page(home, outcome, "backfill")

    return without_traceback(again)


def unit_codes(declaration: Declaration, units: Sequence[str]) -> list[str]:
    """The codes of units given by name or code; Misuse that names those it does not know."""
    found = {each: declaration.find_units(each, None) for each in units}
    unknown = [each for each, known in found.items() if len(known) != 1]
    if unknown:
        raise Misuse(
            f"There is no unit {', '.join(unknown)}; write names as in the register, or codes."
        )
    return [known[0].code for known in found.values()]
