"""The declaration with four townships: so few that totals and contributions come quickly."""

from dataclasses import replace

from schemas.declaration import DECLARATION as WHOLE

UNITS = ("500114", "500114000", "500114001", "500114110", "500114112", "500114246")
DECLARATION = replace(WHOLE, units=tuple(unit for unit in WHOLE.units if unit.code in UNITS))
