"""Every mutation of every format."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.fuzzing.archives import ZIPS
from tests.fuzzing.cells import CELLS
from tests.fuzzing.markup import MARKUP, of_a_part
from tests.fuzzing.plain_text import PAGES, SEPARATED
from tests.fuzzing.raw import RAW, Bytes
from tests.fuzzing.records import BIFF8, BIFF12, OLE2
from tests.fuzzing.sheet_parts import SHEET_PARTS
from tests.fuzzing.valid import Given, any_return

Mutation = Callable[[random.Random, Given], bytes]
Kinds = Mapping[str, Mapping[str, Mutation]]


@dataclass(frozen=True)
class Mutated:
    """A right return, what was done to its file, and what is now in it."""

    given: Given
    kind: str
    name: str
    content: bytes


def _of_bytes(mutations: Mapping[str, Bytes]) -> dict[str, Mutation]:
    def of(mutation: Bytes) -> Mutation:
        return lambda rng, given: mutation(rng, given.content)

    return {name: of(mutation) for name, mutation in mutations.items()}


_BYTES, _CELLS, _ZIP = _of_bytes(RAW), CELLS, _of_bytes(ZIPS)
_PARTS = _of_bytes({name: of_a_part(each) for name, each in MARKUP.items()})
_ANY: dict[str, Mapping[str, Mutation]] = {"bytes": _BYTES, "cells": _CELLS}
_OFFICE: Kinds = {**_ANY, "zip": _ZIP, "xml": _PARTS, "sheet xml": _of_bytes(SHEET_PARTS)}
_BINARY: Kinds = {**_ANY, "biff8": _of_bytes(BIFF8), "ole2": _of_bytes(OLE2)}
_TEXT: Kinds = {**_ANY, "text": _of_bytes(SEPARATED)}
KINDS: dict[str, Kinds] = {
    "xlsx": _OFFICE,
    "xlsm": _OFFICE,
    "xlsb": {**_ANY, "zip": _ZIP, "biff12": _of_bytes(BIFF12)},
    "xls": _BINARY,
    "et": _BINARY,
    "biff": {**_ANY, "biff8": _of_bytes(BIFF8)},
    "ods": {**_ANY, "zip": _ZIP, "xml": _PARTS},
    "csv": _TEXT,
    "tsv": _TEXT,
    "html": {**_ANY, "html": _of_bytes(PAGES), "xml": _of_bytes(MARKUP)},
    "xml": {**_ANY, "xml": _of_bytes(MARKUP)},
}


def mutated(seed: int, number: int) -> Mutated:
    """The file of that number; the same for the same seed."""
    rng = random.Random(f"{seed} {number}")
    given = any_return(rng)
    kinds = KINDS[given.format]
    kind = rng.choice(list(kinds))
    name = rng.choice(list(kinds[kind]))
    content = kinds[kind][name](rng, given)
    return Mutated(given, kind, name, content)
