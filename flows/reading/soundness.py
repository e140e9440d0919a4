"""What calamine takes on trust in a zipped workbook, and would read wrongly or for ever."""

from __future__ import annotations

from flows.reading import binary_records, open_document, refusals
from flows.reading.package import PART_BYTES, Package, TooMuchError
from flows.reading.refusals import RefusedError
from flows.reading.xml_parts import as_ascii_superset, events

_MANIFEST = "META-INF/manifest.xml"


def sound_package(content: bytes) -> tuple[Package, bytes]:
    """The parts of a zipped workbook, and these unpacked; RefusedError where it is not whole."""
    try:
        package = Package(content)
        if _MANIFEST in package and b"encryption-data" in package.read(_MANIFEST):
            raise RefusedError(refusals.PASSWORD.say())
        unpacked = package.checked()
        if open_document.CONTENT in package:
            for _ in events(as_ascii_superset(package.read(open_document.CONTENT)), "spreadsheet"):
                pass
        elif binary_records.WORKBOOK in package:
            binary_records.check_records(package)
    except (RefusedError, MemoryError):
        raise
    except TooMuchError as error:
        megabytes = PART_BYTES // 2**20
        raise RefusedError(refusals.UNPACKED_TOO_LARGE.say(megabytes=megabytes)) from error
    except Exception as error:  # whatever a broken file breaks with
        raise RefusedError(refusals.DAMAGED.say()) from error
    return package, unpacked
