"""All generated pages, and which of those on disk are stale."""

from __future__ import annotations

from pathlib import Path

from flows.cli import program
from flows.documenting.commands import command_reference
from flows.documenting.dictionary import data_dictionary
from flows.documenting.drawing import schema_picture
from flows.documenting.rules import rule_catalogue
from flows.documenting.sentences import sentences_page
from flows.documenting.settings import settings_page
from schemas.declaring.district import Declaration


def pages(declaration: Declaration) -> dict[str, str]:
    """File names to what they should hold; the same declaration gives the same text."""
    return {
        "data-dictionary.md": data_dictionary(declaration),
        "schema.svg": schema_picture(declaration),
        "rules.md": rule_catalogue(declaration),
        "sentences.md": sentences_page(declaration),
        "commands.md": command_reference(program),
        "settings.md": settings_page(),
    }


def stale(folder: Path, wanted: dict[str, str]) -> list[Path]:
    """The files of the folder that are missing or do not hold what they should."""
    paths = {folder / name: text for name, text in wanted.items()}
    return [
        path
        for path, text in paths.items()
        if not path.is_file() or path.read_bytes() != text.encode()
    ]


def write(folder: Path, wanted: dict[str, str]) -> list[Path]:
    """Bring the folder up to date; the files that changed."""
    changed = stale(folder, wanted)
    folder.mkdir(parents=True, exist_ok=True)
    for path in changed:
        path.write_bytes(wanted[path.name].encode())
    return changed
