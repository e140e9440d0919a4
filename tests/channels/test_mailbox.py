"""Files by mail, from a real IMAP server: each is taken once, and no message is lost."""

import datetime as dt
import io
import socket
import zipfile
from pathlib import Path
from typing import Any

import pytest

from flows import pipeline
from flows.collecting import mailbox as channel
from flows.collecting.archive import Archive
from flows.demo.world import World
from flows.errors import Misuse
from tests.channels import servers
from tests.channels.homes import NIGHT, Reached, mailbox, set_passwords
from tests.channels.mails import ZHUOSHUI, forwarded, passed
from tests.channels.mails import mail as written
from tests.channels.servers import MailServer
from tests.homes import OTHER_TOWN, TOWN, content_of

JANUARY = 2022 * 12
AT = dt.datetime.fromisoformat("2022-02-03T09:30+08:00")
BOUND = {ZHUOSHUI: ("濯水镇",), "chengdong@example.cn": ("城东街道",)}


@pytest.fixture(autouse=True)
def _passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    set_passwords(monkeypatch)


@pytest.fixture
def post(tmp_path: Path, mail_box: MailServer) -> Reached:
    return Reached(tmp_path, channels=[mailbox(mail_box)])


def _zip(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, each in files.items():
            packed.writestr(name, each)
    return content.getvalue()


def test_attachments_forwarded_ones_and_zips_are_taken(
    post: Reached, mail_box: MailServer, district: World
) -> None:
    ours, theirs = (content_of(district.returns[unit, JANUARY]) for unit in (TOWN, OTHER_TOWN))
    mail_box.deliver(forwarded(written({"濯水镇.xlsx": ours})), AT.timestamp())
    mail_box.deliver(
        written({"一起.zip": _zip({"城东.xlsx": theirs}), "说明.pdf": b"%PDF-1.4"}), AT.timestamp()
    )
    outcome = post.tonight()
    assert (outcome.received, outcome.accepted, outcome.passed_over) == (3, 20, [])
    assert post.states() == {
        "濯水镇.xlsx": ("accepted", "mail", ZHUOSHUI),
        "一起.zip/城东.xlsx": ("accepted", "mail", ZHUOSHUI),
        "说明.pdf": ("unreadable", "mail", ZHUOSHUI),
    }
    arrived = AT.astimezone(dt.UTC).replace(tzinfo=None)
    assert post.query("SELECT DISTINCT received_at FROM submission") == [(arrived,)]
    flags = mail_box.flags()
    assert len(flags) == 2
    assert all(channel.MARK in each and "Deleted" not in each for each in flags)
    assert post.tonight("2022-02-06T23:00").received == 0


def test_a_mail_from_the_future_came_by_the_nights_clock(
    post: Reached, mail_box: MailServer, district: World
) -> None:
    mail_box.deliver(written({"a.xlsx": content_of(district.returns[TOWN, JANUARY])}))
    post.tonight()
    clock = dt.datetime.fromisoformat(f"{NIGHT}+08:00").astimezone(dt.UTC).replace(tzinfo=None)
    assert post.query("SELECT received_at FROM submission") == [(clock,)]


def test_a_message_without_a_file_is_noted_once(post: Reached, mail_box: MailServer) -> None:
    mail_box.deliver(b"From: zhuoshui@example.cn\r\nSubject: x\r\n\r\nno file\r\n", AT.timestamp())
    (said,) = post.tonight().noted
    assert "from somebody at example.cn: no file is in it" in said
    assert post.tonight("2022-02-06T23:00").noted == []
    assert channel.MARK in mail_box.flags()[0]


class _Killed(BaseException):
    pass


@pytest.mark.parametrize("step", ["second file", "sync", "announce", "mark", "marked"])
def test_a_message_is_taken_once_even_if_the_run_dies(
    post: Reached, mail_box: MailServer, district: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    ours, theirs = (content_of(district.returns[unit, JANUARY]) for unit in (TOWN, OTHER_TOWN))
    mail_box.deliver(written({"a.xlsx": ours, "b.xlsx": theirs}), AT.timestamp())
    store, settle = Archive.store, channel._Session.settle

    def second_dies(self: Archive, content: bytes, **given: Any) -> Any:
        if given["name"] == "b.xlsx":
            raise _Killed
        return store(self, content, **given)

    def dies(*_: object, **__: object) -> None:
        raise _Killed

    def dies_after(*given: Any) -> None:
        settle(*given)
        raise _Killed

    where: dict[str, tuple[str, Any]] = {
        "second file": ("flows.collecting.archive.Archive.store", second_dies),
        "sync": ("flows.collecting.archive.Archive.sync", dies),
        "announce": ("flows.collecting.collect._announce", dies),
        "mark": ("flows.collecting.mailbox._Session.settle", dies),
        "marked": ("flows.collecting.mailbox._Session.settle", dies_after),
    }
    with monkeypatch.context() as patch:
        patch.setattr(*where[step])
        with pytest.raises(_Killed):
            post.tonight()
    outcome = post.tonight("2022-02-06T23:00")
    assert outcome.passed_over == []
    assert post.query("SELECT file_name, state FROM submission ORDER BY 1") == [
        ("a.xlsx", "accepted"),
        ("b.xlsx", "accepted"),
    ]
    assert channel.MARK in mail_box.flags()[0]
    assert len(list((post.folder / "data/raw/archive").rglob("*.xlsx"))) == 2


def test_a_mailbox_that_lost_its_marks_brings_nothing_again(
    post: Reached, mail_box: MailServer, district: World
) -> None:
    """As after a move to another server: an old version must not come into force again."""
    mail_box.deliver(
        written({"a.xlsx": content_of(district.returns[TOWN, JANUARY])}), AT.timestamp()
    )
    post.tonight()
    with mail_box.open() as opened:
        opened.select()
        opened.store("1:*", "-FLAGS", f"({channel.MARK} \\Seen)")
    assert post.tonight("2022-02-06T23:00").received == 0
    assert channel.MARK in mail_box.flags()[0]


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b"(" * 3000 + b"\r\n\r\n",
        b"Content-Type: message/rfc822\r\n\r\n" * 1000,
        b"Authentication-Results: mx.example.cn; "
        + b"(" * 5000
        + b"\r\nFrom: a@example.cn\r\n\r\n",
        b"From: " + b"=?utf-8?q?a?= " * 30_000 + b"\r\n\r\n",
    ],
)
def test_a_mail_that_breaks_its_parser_costs_itself_only(
    post: Reached, mail_box: MailServer, district: World, raw: bytes
) -> None:
    post.channels = [mailbox(mail_box, units=BOUND)]
    ours = passed().encode() + written({"own.xlsx": content_of(district.returns[TOWN, JANUARY])})
    mail_box.deliver(raw, AT.timestamp())
    mail_box.deliver(ours, AT.timestamp())
    assert post.tonight().accepted == 10
    assert post.tonight("2022-02-06T23:00").received == 0


def test_what_came_back_undelivered_is_no_return(
    post: Reached, mail_box: MailServer, district: World
) -> None:
    ours = written({"own.xlsx": content_of(district.returns[TOWN, JANUARY])})
    mail_box.deliver(b"Auto-Submitted: auto-replied\r\n" + forwarded(ours), AT.timestamp())
    assert post.tonight().accepted == 0
    assert post.states()["own.xlsx"][0] == "unidentified"


def test_an_address_speaks_for_its_own_unit_and_nobody_for_another(
    post: Reached, mail_box: MailServer, district: World
) -> None:
    ours, theirs = (content_of(district.returns[unit, JANUARY]) for unit in (TOWN, OTHER_TOWN))
    post.channels = [mailbox(mail_box, units=BOUND)]
    stranger = "x@evil.org"
    for name, raw in {
        "spoofed.xlsx": written({"spoofed.xlsx": ours}),
        "failed.xlsx": passed("x@evil.org").encode() + written({"failed.xlsx": ours}),
        "stranger.xlsx": passed(stranger).encode() + written({"stranger.xlsx": ours}, stranger),
        "other.xlsx": passed().encode() + written({"other.xlsx": theirs}),
    }.items():
        mail_box.deliver(raw, AT.timestamp() + len(name))
    outcome = post.tonight()
    assert (outcome.accepted, len(outcome.noted)) == (0, 3)
    assert {state for state, _, _ in post.states().values()} == {"unidentified"}
    reasons = dict(post.query("SELECT file_name, reason FROM submission"))
    assert "没有登记为任何单位报送，或者发件人未经邮件服务器核实" in reasons["spoofed.xlsx"]
    assert "“城东街道”，但报来的邮箱或文件夹只登记为濯水镇报送" in reasons["other.xlsx"]
    assert post.query("SELECT count(*) FROM monthly_figure") == [(0,)]
    before = post.tables()
    pipeline.rebuild(post.home("2022-02-06T10:00"))
    assert post.tables() == before

    ((submission,),) = post.query(
        "SELECT submission FROM submission WHERE file_name = 'other.xlsx'"
    )
    event = {"event": "assign", "submission": submission, "unit": OTHER_TOWN, "month": "2022-01"}
    pipeline.decide(post.home("2022-02-06T11:00"), event | {"reason": "来电核实", "by": "x"})
    mail_box.deliver(passed().encode() + written({"own.xlsx": ours}), AT.timestamp() + 100)
    assert post.tonight("2022-02-06T23:00").accepted == 10
    assert post.states()["other.xlsx"][0] == "accepted"


def test_a_backfill_and_a_rebuild_let_no_file_in_that_was_held_apart(
    post: Reached, mail_box: MailServer, district: World
) -> None:
    post.channels = [mailbox(mail_box, units=BOUND)]
    mail_box.deliver(
        written({"spoofed.xlsx": content_of(district.returns[TOWN, JANUARY])}), AT.timestamp()
    )
    post.tonight()
    post.channels = [mailbox(mail_box)]  # what a channel may say later changes nothing of then
    pipeline.backfill(post.home("2022-02-06T10:00"), JANUARY, JANUARY)
    assert post.states()["spoofed.xlsx"][0] == "unidentified"
    pipeline.rebuild(post.home("2022-02-06T11:00"))
    assert post.states()["spoofed.xlsx"][0] == "unidentified"
    assert post.query("SELECT count(*) FROM monthly_figure") == [(0,)]


@pytest.mark.parametrize(
    ("changes", "password", "said"),
    [
        ({}, "falsch", "the server refuses baosong@example.cn; see to the user and MINZHENG_MAIL"),
        ({}, None, "its password is not set; put it into MINZHENG_MAIL_PASSWORD"),
        ({"ca_file": ""}, servers.PASSWORD, "its certificate is not trusted"),
        ({"ca_file": "no.pem"}, servers.PASSWORD, "could not be reached"),
        ({"port": 1}, servers.PASSWORD, r"could not be reached \(\[Errno 111\]"),
        ({"mailbox": "Nirgends"}, servers.PASSWORD, "could not be reached"),
    ],
)
def test_a_mailbox_that_cannot_be_opened_costs_itself_only(
    post: Reached,
    mail_box: MailServer,
    district: World,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, Any],
    password: str | None,
    said: str,
) -> None:
    if password is None:
        monkeypatch.delenv("MINZHENG_MAIL_PASSWORD")
    else:
        monkeypatch.setenv("MINZHENG_MAIL_PASSWORD", password)
    from flows.channel_settings import InboxSettings

    post.channels = [InboxSettings("folder"), mailbox(mail_box, **changes)]
    post.send(district.returns[TOWN, JANUARY])
    outcome = post.tonight()
    assert (outcome.received, outcome.accepted) == (1, 10)
    (line,) = outcome.passed_over
    assert line.startswith("channel mail: ")
    with pytest.raises(Misuse, match=said):
        raise Misuse(line)
    assert "falsch" not in line
    assert servers.PASSWORD not in line


def test_a_server_that_says_nothing_more_costs_its_channel_only(
    post: Reached, mail_box: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:  # it takes calls, and never answers
        monkeypatch.setattr(channel, "SECONDS", 0.3)
        post.channels = [mailbox(mail_box, port=mute.getsockname()[1])]
        (line,) = post.tonight().passed_over
    assert "channel mail: it could not be reached" in line
