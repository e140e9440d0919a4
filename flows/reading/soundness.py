"""What calamine takes on trust in .ods and .xlsb files, and would read wrongly or for ever.

It reads .xlsx to the end of each part, and so sees that its checksum is right.
"""

from __future__ import annotations

import io
import zipfile

from flows.reading import binary_records, open_document, refusals
from flows.reading.package import Package, as_ascii_superset, events
from flows.reading.refusals import RefusedError

_OF_OTHERS = (b"content.xml", b"xl/workbook.bin")
_BLOCK = 2**20


def check_sound(content: bytes) -> None:
    """RefusedError where a zipped workbook that is no .xlsx is not whole."""
    if not any(name in content for name in _OF_OTHERS):
        return
    try:
        package = Package(content)
        if open_document.CONTENT in package:
            _check_checksums(content)
            for _ in events(as_ascii_superset(package.read(open_document.CONTENT)), "spreadsheet"):
                pass
        elif binary_records.WORKBOOK in package:
            _check_checksums(content)
            binary_records.check_records(package)
    except Exception as error:  # whatever a broken file breaks with
        raise RefusedError(refusals.DAMAGED.say()) from error


def _check_checksums(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for entry in file.infolist():
            with file.open(entry) as part:
                while part.read(_BLOCK):
                    pass
