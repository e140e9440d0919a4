"""The document's text as a section of the page, its numbers leading to their explanations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape

from flows.quarterly_report.contents import Contents
from flows.quarterly_report.filling import Piece
from flows.quarterly_report.ledger_rows import Table
from flows.quarterly_report.word.document import Block


def prose_html(contents: Contents, blocks: Iterable[Block]) -> Markup:
    """The blocks as headings, paragraphs and tables; nothing of the text is taken for markup."""
    return Markup("\n").join(_block(contents, block) for block in blocks)


def _block(contents: Contents, block: Block) -> Markup:
    if block.table is not None:
        return _table(block.table)
    text = Markup().join(_piece(contents, piece) for piece in block.pieces)
    match block.kind:
        case "title":
            return Markup('<p class="prose-title">{}</p>').format(text)
        case "heading":
            return Markup("<h3>{}</h3>").format(text)
        case "state":
            return Markup('<p class="prose-state">{}</p>').format(text)
    return Markup("<p>{}</p>").format(text)


def _piece(contents: Contents, piece: Piece) -> Markup:
    if piece.note is None:
        return escape(piece.text)
    name = piece.note.key.partition("/")[0]
    said = escape(piece.text)
    if name in contents.items:
        said = Markup('<a href="#/number/{}/{}">{}</a>').format(name, contents.district, said)
    parts = [said]
    if piece.lacking:
        parts.append(Markup('<span class="lacking">（{}）</span>').format(piece.lacking))
    if piece.provisional:
        parts.append(Markup('<sup title="暂定数">△</sup>'))
    return Markup().join(parts)


def _table(table: Table) -> Markup:
    head = Markup().join(Markup('<th scope="col">{}</th>').format(each) for each in table.heads)
    rows = Markup().join(Markup("<tr>{}</tr>").format(_cells(row)) for row in table.rows)
    return Markup(
        '<div class="scroll" tabindex="0" role="region" aria-label="分列表"><table>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(head, rows)


def _cells(row: Iterable[str | int]) -> Markup:
    def each() -> Iterator[Markup]:
        for cell in row:
            kind = Markup(' class="number"') if isinstance(cell, int) else Markup()
            yield Markup("<td{}>{}</td>").format(kind, cell)

    return Markup().join(each())
