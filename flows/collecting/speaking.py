"""Who may speak for whom: the units that an address or a folder is bound to."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from flows.errors import Misuse
from flows.setting_values import Names
from flows.settings import Settings
from schemas.declaring.district import Declaration
from schemas.declaring.model import Unit

ANY = "*"
"""Every unit."""


class Speakers:
    """The units for which a channel's addresses or folders may speak."""

    def __init__(self, units: Names, declaration: Declaration, where: str) -> None:
        self._bound: dict[str, tuple[str, ...] | None] = {}
        for place, names in units.items():
            key = _address(place) if "@" in place else _folder(place)
            if key in self._bound:
                raise Misuse(f"{where}.units names {place!r} twice; name it once, with all units.")
            self._bound[key] = _codes(names, declaration, f"{where}.units")

    @property
    def restricted(self) -> bool:
        """Whether the channel speaks for units only as it is bound to."""
        return bool(self._bound)

    def of_address(self, address: str | None) -> tuple[str, ...] | None:
        """For whom a mail's sender speaks; None for any unit, () for none."""
        if not self._bound:
            return None
        if address is None:
            return ()
        if not address.isascii():  # letters that look alike are others
            return ()
        address = _address(address)
        for key in (address, f"@{address.rpartition('@')[2]}"):
            if key in self._bound:
                return self._bound[key]
        return ()

    def of_path(self, path: str) -> tuple[str, ...] | None:
        """For whom a file at a path below the channel's folder speaks; the deepest folder counts."""
        if not self._bound:
            return None
        *folders, _ = path.split("/")
        if any(each in ("", ".", "..") or not each.isprintable() for each in folders):
            return ()
        for depth in range(len(folders), 0, -1):
            key = _folder("/".join(folders[:depth]))
            if key in self._bound:
                return self._bound[key]
        return ()


def see_bound_units(settings: Settings, declaration: Declaration) -> None:
    """Misuse where the settings bind something to a unit that there is not."""
    for each in settings.channels:
        Speakers(each.units, declaration, f"channels.{each.name}")
    for name in settings.sending.addresses:
        unit_named(name, declaration, "sending.addresses")


def unit_named(name: str, declaration: Declaration, where: str) -> Unit:
    """The unit that a setting names; Misuse where the register does not have it."""
    found = declaration.find_units(name, None)
    if len(found) != 1:
        raise Misuse(
            f"{where} names the unit {name!r}, which the register does not have; "
            "write its name as there, or its code."
        )
    return found[0]


def _address(address: str) -> str:
    return address.lower()


def _folder(place: str) -> str:
    return unicodedata.normalize("NFC", place).strip("/").casefold()


def _codes(names: Sequence[str], declaration: Declaration, where: str) -> tuple[str, ...] | None:
    """The units' codes and those of what went into them: their files may still come."""
    if ANY in names:
        return None
    codes: dict[str, None] = {}
    for name in names:
        bound = unit_named(name, declaration, where).code
        codes[bound] = None
        for unit in declaration.units:
            if any(each.code == bound for each in declaration.successors(unit)):
                codes[unit.code] = None
    return tuple(codes)
