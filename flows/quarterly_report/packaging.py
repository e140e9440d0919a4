"""Files of Office that are the same bytes for the same contents."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

_FIRST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can hold: it stands for none."""
_TIMES = re.compile(
    rb"(<dcterms:(created|modified)\b[^>]*>)[^<]*(?=</dcterms:(?:created|modified)>)"
)
_LEADING = ("[Content_Types].xml", "_rels/.rels")


def settled(content: bytes, at: dt.datetime | None = None) -> bytes:
    """A .xlsx or .docx with nothing left in it of when it was written.

    Its properties say that it was created and changed at `at`, in UTC, 1980-01-01 where that is None;
    the parts are in order and dated alike.
    """
    told = f"{at or dt.datetime(*_FIRST, tzinfo=dt.UTC):%Y-%m-%dT%H:%M:%SZ}".encode()
    into = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as parts,
        zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in sorted(parts.namelist(), key=lambda each: (each not in _LEADING, each)):
            part = parts.read(name)
            if name == "docProps/core.xml":
                part = _TIMES.sub(lambda match: match[1] + told, part)
            entry = zipfile.ZipInfo(name, _FIRST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # as on every system
            archive.writestr(entry, part)
    return into.getvalue()
