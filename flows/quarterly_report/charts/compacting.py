"""SVG made small: the outlines of letters once, in whole units, and no ballast.

What is drawn stays the same. Looks are attributes rather than styles, so that a page that takes
the drawing in may forbid styles.
"""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "http://www.w3.org/1999/xlink"
_HREF = f"{{{_XLINK}}}href"
_UNITS = 200
"""In so many parts of its height a letter is outlined: at 8 points a part is 0.014 mm."""
_POINTS, _PARTS = 100, 64
"""matplotlib outlines letters at so many points, each in so many parts."""
_STEP = re.compile(r"([MLHVCQZz])([^MLHVCQZz]*)")
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_BEGUN = re.compile(r"m(-?\d+) ?(-?\d+)")
_TRANSLATE = re.compile(r"translate\([^)]*\)")
_SCALE = re.compile(r"scale\((-?[\d.]+) (-?[\d.]+)\)")
_PLACED = re.compile(r"translate\((-?[\d.]+) (-?[\d.]+)\)")


def compact(svg: bytes, title: str) -> bytes:
    """The drawing of matplotlib with the title for those who cannot see it."""
    root = etree.fromstring(svg, etree.XMLParser(remove_comments=True, remove_blank_text=True))
    for tag in ("metadata", "title"):
        for each in root.findall(f"{_SVG}{tag}"):
            root.remove(each)
    for style in list(root.iter(f"{_SVG}style")):
        parent = style.getparent()
        assert parent is not None
        parent.remove(style)
    letters = _letters(root)
    for each in root.iter(f"{_SVG}*"):
        _lighten(each)
    _unwrap(root)
    said = etree.Element(f"{_SVG}title")
    said.text = title
    root.insert(0, said)
    if len(letters):
        root.insert(1, letters)
    # What the style of all elements was, inherited.
    root.attrib.update({"role": "img", "stroke-linejoin": "round"})
    etree.cleanup_namespaces(root)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _letters(root: etree._Element) -> etree._Element:
    """The outlines of the letters used more than once; one used once is drawn where it stands."""
    outlines = {}
    for path in list(root.iter(f"{_SVG}path")):
        if path.get("transform") == "scale(0.015625)":
            parent = path.getparent()
            assert parent is not None
            parent.remove(path)
            outlines[f"#{path.get('id')}"] = _outline(path.get("d", ""))
    uses = [each for each in root.iter(f"{_SVG}use") if each.get(_HREF) in outlines]
    times = Counter(each.get(_HREF, "") for each in uses)
    found = etree.Element(f"{_SVG}defs")
    for name, outline in outlines.items():
        if times[name] > 1:
            etree.SubElement(found, f"{_SVG}path", id=_short(name), d=outline)
    for use in uses:
        name = use.attrib.pop(_HREF)
        placed = _PLACED.fullmatch(use.attrib.pop("transform", "translate(0 0)"))
        assert placed is not None
        # The text is upside down, as outlines are: what is above is positive.
        x, y = (round(float(each) * _UNITS / _POINTS) for each in placed.groups())
        if times[name] == 1:
            use.tag = f"{_SVG}path"
            use.set("d", _moved(outlines[name], x, y))
            continue
        use.set(_HREF, f"#{_short(name)}")
        for at, units in (("x", x), ("y", y)):
            if units:
                use.set(at, str(units))
    return found


def _short(name: str) -> str:
    """A letter's name by its number in the font: the same letter's in every chart on a page."""
    return f"mz{name.rsplit('-', 1)[-1]}"


def _moved(outline: str, x: int, y: int) -> str:
    """The outline begun elsewhere: all but its beginning is told from the point before."""
    if (begun := _BEGUN.match(outline)) is None:
        return outline  # a space
    return f"m{int(begun[1]) + x} {int(begun[2]) + y}{outline[begun.end() :]}"


def _smaller(match: re.Match[str]) -> str:
    """A text's scale for letters of `_UNITS` where there were `_POINTS`."""
    return f"scale({' '.join(f'{float(each) * _POINTS / _UNITS:g}' for each in match.groups())})"


def _outline(path: str) -> str:
    """An outline in whole units, each point told from the one before."""
    said: list[str] = []
    here = start = (0, 0)
    last = ""
    for letter, numbers in _STEP.findall(path):
        values = [round(float(each) * _UNITS / _POINTS / _PARTS) for each in numbers.split()]
        points = list(zip(values[::2], values[1::2], strict=True))
        if letter in "zZ":
            if last in "lhv" and here == start:
                said.pop()  # closing draws this line
            said.append("z")
            here, last = start, "z"
            continue
        apart = [each - at for point in points for each, at in zip(point, here, strict=True)]
        told = letter.lower()
        if letter == "M":
            start = points[0]
        elif letter == "L" and 0 in apart:
            told = "h" if apart[1] == 0 else "v"
            apart = apart[:1] if told == "h" else apart[1:]
        text = "".join(
            each if each.startswith("-") else f" {each}" for each in map(str, apart)
        ).strip()
        said.append(told + text)
        here, last = points[-1], told
    return "".join(said)


def _lighten(element: etree._Element) -> None:
    """Two decimals are enough for a page; looks become attributes."""
    for name, value in list(element.attrib.items()):
        if name == "style":
            del element.attrib["style"]
            for each in filter(None, (part.strip() for part in value.split(";"))):
                what, said = each.split(":", 1)
                if what.strip() != "stroke-linecap":  # half a line's width longer, or not
                    element.set(what.strip(), said.strip())
        elif name == "transform":
            moved = _TRANSLATE.sub(lambda match: _NUMBER.sub(_shorter, match[0]), value)
            element.set(name, _SCALE.sub(_smaller, moved))
        elif name in ("d", "x", "y", "width", "height"):
            element.set(name, " ".join(_NUMBER.sub(_shorter, value).split()))
    if element.tag == f"{_SVG}g":
        element.attrib.pop("id", None)


def _shorter(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _unwrap(root: etree._Element) -> None:
    """Groups that hold nothing go, those that say nothing give way to what they hold."""
    for group in reversed(list(root.iter(f"{_SVG}g", f"{_SVG}defs"))):
        parent = group.getparent()
        assert parent is not None
        if not len(group):
            parent.remove(group)
        elif group.tag == f"{_SVG}g" and not group.attrib:
            at = parent.index(group)
            for child in list(group):
                parent.insert(at, child)
                at += 1
            parent.remove(group)
