"""Mails, names and paths made to do harm: they get nowhere, and nothing else suffers."""

import os
import random
import unicodedata
from pathlib import Path

import pytest

from flows.channel_settings import InboxSettings
from flows.demo.world import World
from tests.channels.homes import Reached, mailbox, set_passwords, sftp_folder
from tests.channels.mails import ZHUOSHUI, forwarded, mail, passed, with_header
from tests.channels.servers import MailServer, SftpServer
from tests.homes import OTHER_TOWN, TOWN, content_of

JANUARY = 2022 * 12
MAILS = 360
_PARTS = (
    "..", "../..", "/etc/cron.d/x", "C:\\windows\\x", "\x1b[2J", "\x00", "\r\nBcc: x@evil.org",
    "‮xslx.exe", "​", "con", "nul.xlsx", "$(reboot)", "`id`", "'; DROP TABLE run; --",
    "<script>alert(1)</script>", "{{7*7}}", "%s%n", "a" * 300, "濯" * 120, ".", "~$", "-rf",
    "\ud83d\ude00", "表\u0301", "\ufeff", "｜", "|", "*?", "\n", "\t", "#", "%2e%2e%2f",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    set_passwords(monkeypatch)


def _name(chance: random.Random) -> str:
    return "".join(chance.choice(_PARTS) for _ in range(chance.randint(1, 3))) + ".xlsx"


def _raw_name(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass").replace(b"\x00", b"%00").replace(b'"', b"'")


def _hostile_mails(chance: random.Random, content: bytes) -> list[bytes]:
    """Mutated mails, none of which may speak for the unit whose figures are in them."""
    found = []
    for number in range(MAILS):
        name = _name(chance)
        header = b'attachment; filename="' + _raw_name(name).replace(b"\r\n", b"\r\n ") + b'"'
        raw = bytearray(
            chance.choice(
                (
                    mail({"x.xlsx": content}, "x@evil.org"),
                    with_header(header, content),
                    forwarded(mail({"y.xlsx": content})),
                    passed("x@evil.org").encode() + with_header(header, content),
                    b"From: <" + ZHUOSHUI.encode() + b"> <x@evil.org>\r\n" + mail({}, "x@evil.org"),
                )
            )
        )
        for _ in range(number % 4):
            at = chance.randrange(min(len(raw), 600))
            raw[at : at + chance.randint(0, 3)] = chance.choice(
                (b"=?", b"\r\n", b"\xff", b";", b'"', b"--", b"\x1b", b"boundary", b"\r\n\r\n")
            )
        found.append(bytes(raw).replace(b"\x00", b""))
    return found


def _hostile_files(chance: random.Random, folder: Path, content: bytes) -> int:
    """Files with names made to do harm, as far as this file system takes them; how many."""
    count = 0
    for number in range(180):
        name = _name(chance).replace("/", "∕").replace("\x00", "")
        raw = name.encode("utf-8", "surrogatepass")[:250] + (b"\xff" if number % 7 == 0 else b"")
        if raw.startswith((b".", b"~$")):
            continue
        place = folder / os.fsdecode(chance.choice((b"", b"deep\x1b", b"\xe6\xbf\xaf\xff")))
        place.mkdir(parents=True, exist_ok=True)
        path = place / os.fsdecode(raw)
        count += not path.exists()
        path.write_bytes(content)
        os.utime(path, (1_643_850_000, 1_643_850_000))
    return count


def test_what_is_made_to_do_harm_gets_nowhere(
    tmp_path: Path, mail_box: MailServer, sftp: SftpServer, district: World
) -> None:
    chance = random.Random(11)
    home = Reached(
        tmp_path,
        channels=[
            InboxSettings("folder", {"城东": ("城东街道",)}),
            mailbox(mail_box, units={ZHUOSHUI: ("濯水镇",)}),
            sftp_folder(sftp, units={"城东": ("城东街道",)}),
        ],
    )
    ours = content_of(district.returns[TOWN, JANUARY])
    small = b"month,unit\n"
    mails = _hostile_mails(chance, small)
    mails[::40] = [mail({f"{n}.xlsx": ours}, "x@evil.org") for n in range(len(mails[::40]))]
    for raw in mails:
        mail_box.deliver(raw, 1_643_850_000)
    mail_box.deliver(passed().encode() + mail({"own.xlsx": ours}), 1_643_850_000)
    inbox = home.folder / "data/raw/inbox"
    dropped = _hostile_files(chance, inbox, small)
    dropped += _hostile_files(chance, sftp.folder, small)
    home.drop("城东/own.xlsx", content_of(district.returns[OTHER_TOWN, JANUARY]))
    assert dropped + len(mails) >= 500

    outcome = home.tonight()
    assert outcome.passed_over == []
    assert outcome.accepted == 20
    states = home.query("SELECT file_name, state, channel, unit_code FROM submission")
    accepted = {(name, unit) for name, state, _, unit in states if state == "accepted"}
    assert accepted == {("own.xlsx", TOWN), ("own.xlsx", OTHER_TOWN)}
    assert sum(channel != "mail" for _, _, channel, _ in states) == dropped + 1
    letters = {letter for name, *_ in states for letter in name}
    assert not {each for each in letters if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl")}
    # Every message is marked, and what was written stays below the home's own folders.
    assert len(mail_box.flags()) == len(mails) + 1
    assert all("$MinzhengTaken" in each for each in mail_box.flags())
    archive = home.folder / "data/raw/archive"
    top = {each.name for each in home.folder.iterdir()}
    assert top == {"data"}
    assert {each.parent.relative_to(archive).as_posix() for each in archive.rglob("*.json")} == {
        "2022/02/03", "2022/02/05",
    }  # fmt: skip
    assert not [each for each in inbox.rglob("*") if each.is_file()]
    assert home.tonight("2022-02-06T23:00").received == 0
