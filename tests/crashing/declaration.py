"""The declaration with two townships and the bureau's office: a night of it takes a second."""

from dataclasses import replace

from schemas.declaration import DECLARATION as WHOLE

OFFICE, EAST, ZHUOSHUI = "500114000", "500114001", "500114112"
UNITS = ("500114", OFFICE, EAST, ZHUOSHUI)
DECLARATION = replace(WHOLE, units=tuple(unit for unit in WHOLE.units if unit.code in UNITS))
