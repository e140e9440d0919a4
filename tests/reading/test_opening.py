"""Files that are no return, through the real pool: what is said of them, and what they cost."""

import io
import re
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt

from flows.demo.world import World
from flows.reading.pool import Reader
from flows.reading.results import Workbook
from flows.reading.workbook import read_workbook
from flows.reading.worker import Job
from flows.settings import Settings
from schemas.declaration import DECLARATION
from tests.homes import TOWN, content_of
from tests.writing import zips

JANUARY = 2022 * 12
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(folder: Path, *contents: bytes, **settings: int) -> list[Workbook]:
    paths = [folder / f"{number}.xlsx" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    chosen = Settings(folder, processes=2, file_seconds=10, **settings)
    with Reader(chosen) as reader:
        return list(reader.read([Job(path, path.name) for path in paths]))


def packed(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return content.getvalue()


def with_far_cell(content: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.active["XFD1048576"] = 1
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


def with_changed(content: bytes, pattern: bytes, by: bytes) -> bytes:
    """The workbook with something changed in the markup of its sheets."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {each: file.read(each) for each in file.namelist()}
    sheets = [each for each in parts if each.startswith("xl/worksheets/sheet")]
    changed = {each: re.sub(pattern, by, parts[each]) for each in sheets}
    assert changed != {each: parts[each] for each in sheets}
    return packed(parts | changed)


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {each: file.read(each) for each in file.namelist()}
    return packed(parts | {name: part})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"%PDF-1.7\n", "这是PDF文档"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "这是图片"),
        (b"\x1f\x8b\x08" + bytes(40), "gzip"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(40), "这是RAR压缩包"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(40), "这是7z压缩包"),
        (packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "这是Word文档"),
        (OLE2 + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(900), "这是Word文档"),
        (OLE2 + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(900), "加了密码"),
        (OLE2 + bytes(2000), "已损坏"),
        (b"MZ\x90\x00\x03\x00" + bytes(range(256)) * 8, "这不是电子表格"),
        ("各位领导：\n本月无数据。\n".encode("gb18030"), "只有文字"),
        (b"<html><body><h1>502 Bad Gateway</h1></body></html>", "这是网页"),
        (b'<?xml version="1.0"?><note><to>x</to></note>', "网页或XML文件"),
        (packed({"xl/workbook.xml": b"<workbook"}), "已损坏"),
    ],
)
def test_what_is_no_workbook_is_called_by_its_name(
    content: bytes, said: str, tmp_path: Path
) -> None:
    (book,) = read(tmp_path, content)
    assert book.state == "unreadable"
    assert said in book.reason


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("表一").write(0, 0, "x")
    saved = io.BytesIO()
    book.save(saved)
    content = saved.getvalue()
    start = content.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")  # the workbook's first record
    filepass = b"\x2f\x00\x36\x00\x01\x00\x01\x00\x01\x00" + bytes(48)
    at = start + 20
    (answer,) = read(tmp_path, content[:at] + filepass + content[at + len(filepass) :])
    assert "加了密码" in answer.reason


def test_bombs_cost_their_file_only(district: World, tmp_path: Path) -> None:
    good = content_of(district.returns[TOWN, JANUARY])
    sheet = "xl/worksheets/sheet1.xml"
    bomb = with_part(good, sheet, b"<worksheet>" + b" " * 300_000_000)
    entities = with_part(
        good,
        sheet,
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9))
        + b"]><worksheet><sheetData><row><c t='str'><v>&j;</v></c></row></sheetData></worksheet>",
    )
    deep = with_part(good, sheet, b"<worksheet>" + b"<a>" * 2_000_000)
    started = time.monotonic()
    books = read(tmp_path, good, bomb, good, with_far_cell(good), entities, deep, good)
    assert time.monotonic() - started < 60
    states = [book.state for book in books]
    assert [states[at] for at in (0, 2, 6)] == ["read"] * 3
    assert books[0].sheets == books[6].sheets
    assert states[1] == "unreadable"
    assert "超过100MB" in books[1].reason
    for book in (books[3], books[4], books[5]):
        assert book.state == "unreadable" or len(book.sheets) < len(books[0].sheets)


def test_a_sheet_of_many_cells_fits_a_workers_memory(district: World, tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{at}">{"".join(f"<c><v>{at}</v></c>" for _ in range(20))}</row>'
        for at in range(1, 90_001)
    )
    part = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
    good = content_of(district.returns[TOWN, JANUARY])
    (book,) = read(tmp_path, with_part(good, "xl/worksheets/sheet1.xml", part))
    assert book.state == "read"


def test_markup_within_a_value_does_not_cut_it(district: World, tmp_path: Path) -> None:
    good = content_of(district.returns[TOWN, JANUARY])
    digits, texts = rb"<v>(\d)(\d*)</v>", "(<t[^>]*>)表号([^<]*)</t>".encode()
    same = [
        with_changed(good, digits, rb"<v>\1<!-- -->\2</v>"),
        with_changed(good, digits, rb"<v>\1<?x y?>\2</v>"),
        with_changed(good, digits, rb"<v><![CDATA[\1\2]]></v>"),
        with_changed(good, rb"<v>(\d*)1(\d*)</v>", rb"<v>\1&#49;\2</v>"),
        with_changed(good, rb"<v>(\d*)1(\d*)</v>", rb"<v>\1&#x31;\2</v>"),
        with_changed(good, texts, "\\1表<!-- -->&#21495;<![CDATA[\\2]]></t>".encode()),
    ]
    endless = with_changed(good, digits, rb"<v>\1<!-- \2</v>")
    first, *books, broken = read(tmp_path, good, *same, endless)
    assert first.state == "read"
    for book in books:
        assert book == first
    assert "已损坏" in broken.reason


def held(folder: Path, content: bytes) -> dict[str, Workbook]:
    """What a zip reads as, or each of its files by name."""
    path = folder / "一.zip"
    path.write_bytes(content)
    book = read_workbook(path, path.name, DECLARATION)
    if book.state != "packed":
        return {"": book}
    return {
        each.name: read_workbook(path, each.name, DECLARATION, None, each.place)
        for each in book.members
    }


DOCUMENT = packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})


@pytest.mark.parametrize("folder", ["word", "ppt", "xl", "xl/worksheets"])
def test_folders_of_a_zip_may_have_any_name(folder: str, district: World, tmp_path: Path) -> None:
    good = content_of(district.returns[TOWN, JANUARY])
    files = {f"{folder}/一.xlsx": good, "word/说明.docx": DOCUMENT}
    books = held(tmp_path, packed(files))
    assert books[f"{folder}/一.xlsx"].state == "read"
    assert "这是Word文档" in books["word/说明.docx"].reason


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"OFD.xml": b"<x/>", "Doc_0/Document.xml": b"<x/>"}, "这是OFD文档"),
        ({"mimetype": b"application/epub+zip", "META-INF/container.xml": b"<x/>"}, "这是电子书"),
        ({"Index/Document.iwa": b"\0", "preview.jpg": b"\xff\xd8\xff"}, "这是苹果iWork文件"),
        ({"AndroidManifest.xml": b"\3", "classes.dex": b"dex"}, "这是安卓安装包"),
        (
            {
                "mimetype": b"application/vnd.oasis.opendocument.text",
                "content.xml": b"<office:body xmlns:office='o'><office:text/></office:body>",
            },
            "这是文字文档",
        ),
    ],
)
def test_documents_that_are_zips_are_called_by_their_name(
    parts: dict[str, bytes], said: str, tmp_path: Path
) -> None:
    (book,) = held(tmp_path, packed(parts)).values()
    assert said in book.reason


def test_files_of_a_zip_that_are_broken_or_without_a_name_cost_themselves(
    district: World, tmp_path: Path
) -> None:
    good = content_of(district.returns[TOWN, JANUARY])
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_LZMA) as file:
        file.writestr("good.xlsx", good, zipfile.ZIP_STORED)
        file.writestr("bad.xlsx", good)
    broken = bytearray(content.getvalue())
    at = broken.index(b"bad.xlsx") + len("bad.xlsx")
    broken[at + 4 : at + 9] = b"\xff" * 5
    books = held(tmp_path, bytes(broken))
    assert [book.state for book in books.values()] == ["read", "unreadable"]
    nameless = zips.packed([zips.Entry(b"", good), zips.Entry(b"a.xlsx", good)])
    assert [book.state for book in held(tmp_path, nameless).values()] == ["read", "read"]


def test_names_in_a_zip_are_of_one_encoding(tmp_path: Path) -> None:
    names = [name.encode("gbk") for name in ("报表.pdf", "联通.pdf")]  # 联通 could be UTF-8
    for flags in (0, zips.UTF8_NAME):
        content = zips.packed(zips.Entry(name, b"%PDF", flags=flags) for name in names)
        assert "报表.pdf" in held(tmp_path, content)
    content = zips.packed(zips.Entry(name, b"%PDF") for name in names)
    assert set(held(tmp_path, content)) == {"报表.pdf", "联通.pdf"}


def test_a_zip_says_whether_it_is_too_deep_or_too_many(tmp_path: Path) -> None:
    content = packed({"好.pdf": b"%PDF", "1.zip": b""})
    for _ in range(3):
        content = packed({"好.pdf": b"%PDF", "1.zip": content})
    books = held(tmp_path, content)
    assert "套了太多层（超过3层）" in books["1.zip/1.zip/1.zip"].reason
    assert "这是PDF文档" in books["好.pdf"].reason
    (book,) = held(tmp_path, packed({f"{at}.txt": b"" for at in range(1001)})).values()
    assert "文件过多（1001个）" in book.reason


def test_a_film_is_refused_by_its_start(
    district: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.reading.packed.LARGE", 1_000_000)
    film = b"\0\0\0 ftypisom" + bytes(3_000_000)
    good = content_of(district.returns[TOWN, JANUARY])
    files = {"好.xlsx": good, "片.mp4": film, "内.zip": packed({"又.mp4": film, "b.xlsx": good})}
    (alone,) = held(tmp_path, film).values()
    books = held(tmp_path, packed(files))
    for book in (alone, books["片.mp4"], books["内.zip/又.mp4"]):
        assert "文件过大（3MB）" in book.reason
    assert books["好.xlsx"].state == books["内.zip/b.xlsx"].state == "read"
    sparse = tmp_path / "v.mp4"
    with sparse.open("wb") as file:
        file.truncate(2**40)
    assert "文件过大" in read_workbook(sparse, sparse.name, DECLARATION).reason


@pytest.mark.parametrize(
    "where",
    ["flows.reading.workbook.open_sheets", "flows.reading.soundness.Package"],
)
def test_what_takes_too_much_memory_is_not_called_damaged(
    where: str, district: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(where, fail)
    (book,) = held(tmp_path, content_of(district.returns[TOWN, JANUARY])).values()
    assert "文件内容异常" in book.reason


def test_a_mail_is_called_one(tmp_path: Path) -> None:
    head = (
        b"Received: from a by b\r\n" * 300 + b"From: a@b.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    )
    mail = head + (
        b'Content-Type: multipart/mixed; boundary="X"\r\n\r\n--X\r\nContent-Type: text/html\r\n\r\n'
        b"<html><table><tr><td>1</td><td>2</td></tr></table></html>\r\n--X--\r\n"
    )
    page = mail.replace(head, b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n")
    outlook = OLE2 + bytes(600) + "__substg1.0_37010102".encode("utf-16-le") + bytes(900)
    for content in (mail, outlook):
        (book,) = held(tmp_path, content).values()
        assert book.reason == "这是电子邮件，不是电子表格；请把附件另存后再报。"
    (book,) = held(tmp_path, page).values()
    assert "电子邮件" not in book.reason
