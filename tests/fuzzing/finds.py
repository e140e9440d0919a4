"""Files that went wrong once: kept with what a form of theirs may say, where it may say anything.

Beside `name.xlsx` stands `name.json` with each figure's amounts in millionths before the file
was mutated. A form without errors has to say these, unless its cells hold others.
"""

import json
from pathlib import Path

from flows.reading.results import Workbook
from tests.fuzzing.mutations import Mutated
from tests.fuzzing.oracle import answered

FOLDER = Path(__file__).parent / "finds"


def keep(number: int, file: Mutated, folder: Path) -> None:
    """Write a mutated file to a folder, with what it said before."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{number}-{file.name.replace(' ', '-').replace(':', '')}"
    (folder / f"{name}{Path(file.given.name).suffix}").write_bytes(file.content)
    amounts = json.dumps(file.given.amounts, indent=1)
    (folder / f"{name}.json").write_text(f"{amounts}\n", encoding="utf-8")


def kept() -> list[Path]:
    """The files, without what stands beside them."""
    return sorted(each for each in FOLDER.iterdir() if each.suffix != ".json")


def problems(find: Path, book: Workbook) -> list[str]:
    """What is wrong with what was read of a find."""
    wrong = answered(book).problems
    beside = find.with_suffix(".json")
    if not beside.exists():
        return wrong
    right = json.loads(beside.read_text(encoding="utf-8"))
    errors = {found.form for found in book.findings if found.level == "error"}
    read = [sheet for sheet in book.sheets if sheet.form not in errors and not sheet.broken]
    for sheet in read:
        said = {line.figure: [line.value, line.year_to_date] for line in sheet.lines}
        wrong += [
            f"{figure}: {amounts}, not {right.get(figure)}"
            for figure, amounts in said.items()
            if amounts != right.get(figure)
        ]
    return wrong
