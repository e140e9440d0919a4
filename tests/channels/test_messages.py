"""The files in a mail, and who it says it is from."""

import base64
import email
import random
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from flows.collecting.authenticity import verified
from flows.collecting.messages import MOST_FILES, WHOLE, files_of, is_automatic, sender_of
from flows.naming import shown
from tests.channels.mails import SERVER, ZHUOSHUI, forwarded, mail, nested, passed, with_header

NAME = "濯水镇2023年3月报表.xlsx"
_GB, _UTF8 = NAME.encode("gb18030"), NAME.encode()


def _word(content: bytes, charset: str) -> bytes:
    return b"=?" + charset.encode() + b"?B?" + base64.b64encode(content) + b"?="


def _percent(content: bytes) -> bytes:
    return "".join(f"%{each:02X}" for each in content).encode()


@pytest.mark.parametrize(
    "header",
    [
        b'attachment; filename="' + _word(_GB, "GB2312") + b'"',
        b'attachment; filename="' + _word(_UTF8, "utf-8") + b'"',
        b"attachment; filename=" + _word(_GB, "gbk"),
        # A letter's bytes parted between two words, as some programs do.
        b'attachment; filename="' + _word(_UTF8[:10], "utf-8") + b"\r\n "
        + _word(_UTF8[10:], "utf-8") + b'"',
        b"attachment; filename*=UTF-8''" + _percent(_UTF8),
        b"attachment; filename*=gb2312'zh-cn'" + _percent(_GB),
        b"attachment; filename*0*=UTF-8''" + _percent(_UTF8[:15]) + b";\r\n filename*1*="
        + _percent(_UTF8[15:]),
        b'attachment; filename="' + _GB + b'"',  # as they are, which no rule allows
        b'attachment; filename="' + _UTF8 + b'"',
        b'inline; filename="' + _word(_GB, "gb18030") + b'"',
    ],
)  # fmt: skip
def test_a_chinese_name_however_it_is_encoded(header: bytes) -> None:
    (found,) = files_of(with_header(header))
    assert (found.name, found.content) == (NAME, b"x")


def test_a_name_in_the_content_type_alone() -> None:
    value = b'application/vnd.ms-excel; name="' + _word(_GB, "gb2312") + b'"'
    assert [each.name for each in files_of(with_header(value, kind=b"Content-Type"))] == [NAME]


def test_a_file_without_a_name_is_still_a_file() -> None:
    (found,) = files_of(with_header(b"attachment"))
    assert (found.name, found.content) == ("附件1", b"x")


def test_the_text_is_no_file_nor_is_a_picture_in_it() -> None:
    message = MIMEMultipart("related")
    message.attach(MIMEText("<img src='cid:a'>", "html"))
    logo = MIMEImage(b"\x89PNG", "png")
    logo.add_header("Content-ID", "<a>")
    logo.add_header("Content-Disposition", "inline", filename="image001.png")
    message.attach(logo)
    assert files_of(message.as_bytes()) == []
    photo = mail({"照片.png": b"\x89PNG"})
    assert [each.name for each in files_of(photo)] == ["照片.png"]


def test_forwarded_and_nested_mails_are_opened() -> None:
    inner = mail({"一.xlsx": b"1", "二.zip": b"2"})
    found = files_of(forwarded(forwarded(inner, {"三.xlsx": b"3"}), {"四.xlsx": b"4"}))
    assert [(each.name, each.content) for each in found] == [
        ("一.xlsx", b"1"),
        ("二.zip", b"2"),
        ("三.xlsx", b"3"),
        ("四.xlsx", b"4"),
    ]
    assert len({each.place for each in found}) == 4


def test_what_is_too_deep_or_too_much_is_kept_whole() -> None:
    deep = nested(40, email.message_from_bytes(mail({"a.xlsx": b"1"}))).as_bytes()
    many = mail({f"{number}.csv": b"x" for number in range(MOST_FILES + 1)})
    for raw in (deep, many):
        (found,) = files_of(raw)
        assert (found.name, found.content) == (WHOLE, raw)


@pytest.mark.parametrize(
    ("said", "sender"),
    [
        ("zhuoshui@example.cn", "zhuoshui@example.cn"),
        ("濯水镇 <ZhuoShui@Example.cn>", "zhuoshui@example.cn"),
        ("=?utf-8?B?5r+v5rC06ZWH?= <zhuoshui@example.cn>", "zhuoshui@example.cn"),
        ('"zhuoshui@example.cn" <evil@example.org>', "evil@example.org"),
        ("=?utf-8?B?PHpodW9zaHVpQGV4YW1wbGUuY24+?= <evil@example.org>", "evil@example.org"),
        ("zhuoshui@example.cn, evil@example.org", None),
        ("zhuoshui@example.cn@example.org", None),
        ("", None),
    ],
)
def test_who_a_mail_says_it_is_from(said: str, sender: str | None) -> None:
    raw = f"From: {said}\r\n\r\n".encode()
    found = sender_of(email.message_from_bytes(raw))
    assert found == sender
    assert sender_of(email.message_from_bytes(raw + raw)) in (None, found)


def test_two_senders_are_none() -> None:
    raw = b"From: zhuoshui@example.cn\r\nFrom: evil@example.org\r\n\r\n"
    assert sender_of(email.message_from_bytes(raw)) is None


_OURS = f"Authentication-Results: {SERVER};"


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        (passed(), True),
        (f"{_OURS} spf=pass smtp.mailfrom=zhuoshui@example.cn\r\n", True),
        (f"{_OURS} dkim=pass header.d=example.cn\r\n", True),
        (f"{_OURS}\r\n dkim=fail header.d=example.cn;\r\n dmarc=pass header.from=example.cn\r\n", True),
        ("", False),
        (f"{_OURS} none\r\n", False),
        (f"{_OURS} dmarc=fail header.from=example.cn; spf=pass smtp.mailfrom=example.cn\r\n", False),
        (f"{_OURS} spf=pass smtp.mailfrom=evil.org; dkim=pass header.d=evil.org\r\n", False),
        (f"{_OURS} spf=softfail smtp.mailfrom=example.cn\r\n", False),
        (f"{_OURS} dmarc=pass header.from=evil.org\r\n", False),
        # What the mail brought along stands below, or bears another server's name.
        (f"{_OURS} dmarc=fail header.from=example.cn\r\n" + passed(), False),
        (passed().replace(SERVER, "mx.evil.org"), False),
        (passed().replace("pass", "p(a)ss"), False),
        (passed().replace(SERVER, f"{SERVER}.evil.org"), False),
        (f"{_OURS} dmarc=none; spf=pass smtp.mailfrom=zhuoshui@example.cn\r\n", True),
        # One of the server's that cannot be read lets no other through.
        (f"{_OURS} dmarc=fail; spf=fail smtp.mailfrom=<>\r\n" + passed(), False),
        (f"{_OURS} dmarc=fail; spf=fail smtp.mailfrom=a;b@evil.org\r\n" + passed(), False),
        (f"{_OURS} dmarc=fail; spf=fail smtp.helo=[1.2.3.4]\r\n" + passed(), False),
        (f"{_OURS} dmarc=fail (((\r\n" + passed(), False),
        (f"(a) {_OURS[24:]} dmarc=fail (((\r\n".join(["Authentication-Results: ", ""]) + passed(), False),
        (f"Authentication-Results: {'(' * 3000}\r\n" + passed(), False),
    ],
)  # fmt: skip
def test_a_sender_is_who_the_receiving_server_says(headers: str, said: bool) -> None:
    message = email.message_from_string(f"{headers}From: {ZHUOSHUI}\r\n\r\n")
    assert verified(message, ZHUOSHUI, SERVER) is said


def test_a_forwarded_mail_that_is_encoded_is_opened() -> None:
    inner = base64.encodebytes(mail({"一.xlsx": b"1"}))
    raw = (
        b"From: a@b.cn\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + inner
        + b"\r\n--x--\r\n"
    )
    assert [(each.name, each.content) for each in files_of(raw)] == [("一.xlsx", b"1")]


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        (b"Auto-Submitted: auto-replied\r\n", True),
        (b"Auto-Submitted: no\r\n", False),
        (b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n", True),
        (b"", False),
    ],
)
def test_what_a_program_wrote_is_told(headers: bytes, automatic: bool) -> None:
    assert is_automatic(email.message_from_bytes(headers + b"\r\n")) is automatic


def test_mutated_mails_lose_nothing_and_stop_nothing() -> None:
    """Whatever a mail is made of, its files come out, or it is kept whole, with names that show."""
    chance = random.Random(7)
    seeds = [
        passed().encode() + mail({NAME: b"content", "b.zip": b"PK"}),
        forwarded(forwarded(mail({NAME: b"1"})), {"../../evil.xlsx": b"2"}),
        with_header(b'attachment; filename="' + _GB + b'"'),
        with_header(b"attachment; filename*=gb2312''" + _percent(_GB)),
    ]
    pieces = [
        b"\x00", b"\x1b[2J", b"\r\n", b"\r\n\r\n", b"=?", b"?=", b"=?x-none?B?///?=", b"; filename*=",
        b'"', b"Content-Type: multipart/mixed; boundary=\r\n", b"Content-Transfer-Encoding: uuencode\r\n",
        b"\xff\xfe", b"%00%2e%2e", b"--", b"charset=utf-7", b"Content-Type: message/rfc822\r\n", b"(" * 99,
    ]  # fmt: skip
    for number in range(2000):
        raw = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(raw) + 1)
            match chance.randrange(4):
                case 0:
                    raw[at:at] = chance.choice(pieces)
                case 1:
                    del raw[at : at + chance.randint(1, 60)]
                case 2 if at < len(raw):
                    raw[at] = chance.randrange(256)
                case _:
                    raw[at:at] = raw[: chance.randint(0, 200)]
        found = files_of(bytes(raw))
        message = email.message_from_bytes(bytes(raw))
        sender = sender_of(message)
        assert sender is None or sender.isprintable(), number
        verified(message, sender or ZHUOSHUI, SERVER)
        for each in found:
            shown(each.name).encode()
