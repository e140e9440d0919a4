"""Markup to an event parser, piece by piece: one that gives up does so early."""

from __future__ import annotations

from typing import Any

from lxml import etree

from flows.reading.cells import MarkupError

_PIECE = 2**16


def feed(parser: Any, content: bytes) -> None:
    """Have an lxml parser with a target read it all; MarkupError for what it cannot parse."""
    try:
        for start in range(0, len(content), _PIECE):
            parser.feed(content[start : start + _PIECE])
        parser.close()
    except etree.LxmlError as error:
        raise MarkupError(str(error)) from None
