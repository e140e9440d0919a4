"""Make the font of the charts from Debian's fonts-noto-cjk: the characters a bureau writes.

    apt-get install fonts-noto-cjk unicode-data
    uv run python .ci/font.py

The subset of Noto Sans CJK SC Regular holds ASCII, Latin-1, all of GB 2312, the 8,105 characters
of 通用规范汉字表 (kTGH of Unihan), full-width forms, and the signs in `_SIGNS`. It is renamed, as
a name of the original's is not for derived fonts to use. The same two packages give the same bytes.
"""

from __future__ import annotations

import argparse
import bz2
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

_NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
_UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
_MADE = Path(__file__).parents[1] / "flows/quarterly_report/charts/MinzhengSansSC-Regular.otf"
_FACE = 2  # SC among JP, KR, SC, TC, HK
_SIGNS = "–—‘’“”…‰′″※←↑→↓↗↘−≈≠≤≥∞■□▲△▼▽◆◇●○★☆①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳✓〇"
_FAMILY, _STYLE = "Minzheng Sans SC", "Regular"
_TABLES = {"CFF ", "OS/2", "cmap", "head", "hhea", "hmtx", "maxp", "name", "post"}


def wanted(unihan: Path) -> set[int]:
    """The code points of the subset."""
    lines = bz2.decompress(unihan.read_bytes()).decode().splitlines()
    standard = {int(line.split("\t")[0][2:], 16) for line in lines if "\tkTGH\t" in line}
    if len(standard) != 8105:
        raise SystemExit(f"{unihan} has {len(standard)} characters of 通用规范汉字表, not 8,105")
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    national = {ord(text) for pair in pairs if (text := pair.decode("gb2312", "ignore"))}
    latin = {*range(0x20, 0x7F), *range(0xA0, 0x100)}
    return latin | national | standard | {*range(0xFF01, 0xFF5F)} | set(map(ord, _SIGNS))


def make(noto: Path, unihan: Path, made: Path) -> None:
    """Write the subset; what it lacks of what is wanted is said."""
    options = subset.Options(
        hinting=False,
        desubroutinize=False,
        layout_features=[],
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        name_languages=[0x409],
        notdef_outline=True,
        recalc_timestamp=False,
        glyph_names=False,
    )
    font = TTFont(noto, fontNumber=_FACE, recalcTimestamp=False)
    for tag in set(font.keys()) - _TABLES - {"GlyphOrder"}:
        del font[tag]
    codes = wanted(unihan)
    lacking = sorted(codes - set(font.getBestCmap()))
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    _rename(font)
    font.save(made, reorderTables=True)
    kept = len(font.getBestCmap())
    print(f"{made}: {kept} characters, {made.stat().st_size} bytes; not in the original:")
    print(" ".join(f"U+{code:04X}" for code in lacking) or "none")


def _rename(font: TTFont) -> None:
    full, postscript = f"{_FAMILY} {_STYLE}", f"{_FAMILY.replace(' ', '')}-{_STYLE}"
    version = font["name"].getDebugName(5)
    told = {1: _FAMILY, 2: _STYLE, 3: f"{version};{postscript}", 4: full, 6: postscript}
    for number, text in told.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    table = font["CFF "].cff
    table.fontNames = [postscript]
    top = table.topDictIndex[0]
    top.FullName, top.FamilyName = full, _FAMILY
    for each in top.FDArray:
        each.FontName = postscript + each.FontName[each.FontName.rindex("-") :]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--noto", type=Path, default=_NOTO)
    parser.add_argument("--unihan", type=Path, default=_UNIHAN)
    parser.add_argument("--made", type=Path, default=_MADE)
    given = parser.parse_args()
    make(given.noto, given.unihan, given.made)
