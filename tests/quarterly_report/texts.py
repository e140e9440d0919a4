"""A report's pieces as plain text."""

from collections.abc import Iterable

from flows.quarterly_report.filling import Piece


def as_text(pieces: Iterable[Piece]) -> str:
    """The pieces with what they lack, without notes."""
    return "".join(
        piece.text + (f"（{piece.lacking}）" if piece.lacking else "") for piece in pieces
    )
