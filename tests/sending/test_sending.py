"""Returned workbooks, reminders and the night's summary go out, each once."""

import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from flows import pipeline
from flows.collecting.inbox import Inbox
from flows.collecting.offered import ChannelDown
from flows.demo.world import World
from flows.errors import Misuse
from flows.home import Home, open_home
from flows.sending import mail as by_mail
from flows.sending.outbox import Outbox
from flows.sending.sent import Sent
from flows.sending_settings import SendingSettings, read_sending
from tests.channels.servers import PASSWORD
from tests.homes import TOWN, Place, changed
from tests.sending.servers import ChatService, MailServer

JANUARY = 2022 * 12
FIRST, SECOND = "2022-02-05T02:00", "2022-02-05T22:00"
ZHUOSHUI = "zhuoshui@example.cn"


@dataclass
class Sender(Place):
    """A home that sends."""

    sending: SendingSettings = field(default_factory=SendingSettings)

    def home(self, now: str) -> Home:
        home = super().home(now)
        return open_home(replace(home.settings, sending=self.sending))


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    monkeypatch.setenv("MINZHENG_SENDING_PASSWORD", PASSWORD)
    server = MailServer(tmp_path)
    with server.running():
        yield server


def _by_mail(server: MailServer, **more: Any) -> SendingSettings:
    return SendingSettings(
        server.url,
        "baosong@example.cn",
        str(server.authority),
        {"濯水镇": (ZHUOSHUI, "second@example.cn")},
        **more,
    )


@pytest.fixture
def held(tmp_path: Path, district: World) -> Sender:
    """A home in whose inbox lies a return of 濯水镇 that will be held."""
    home = Sender(tmp_path / "home")
    given = district.returns[TOWN, JANUARY]
    home.send(changed(given, "relief_funds", value=Decimal("999999.0")), at="2022-02-03T10:00")
    return home


def _files(folder: Path) -> list[str]:
    return sorted(
        each.relative_to(folder).as_posix()
        for each in folder.rglob("*")
        if each.is_file() and ".sending" not in each.parts
    )


def test_a_returned_workbook_goes_to_its_units_addresses_once(
    held: Sender, server: MailServer, tmp_path: Path
) -> None:
    held.sending = _by_mail(server)
    outcome = held.night(FIRST)
    assert (outcome.sent, outcome.passed_over) == (1, [])
    (mail,) = server.mails
    assert (mail["X-To"], mail["Subject"]) == (
        f"{ZHUOSHUI}, second@example.cn",
        "【退回】濯水镇2022年1月报表",
    )
    (attached,) = mail.iter_attachments()
    (file,) = (held.folder / "data/raw/returned").rglob("*.xlsx")
    assert attached.get_filename() == file.name
    assert attached.get_content() == file.read_bytes()
    body = mail.get_body()
    assert body is not None
    assert "濯水镇：你单位2022年1月报表审核未通过，有强制性问题1处" in body.get_content()

    assert held.night(SECOND).sent == 0
    pipeline.rebuild(held.home(SECOND))
    assert held.night(SECOND).sent == 0
    shutil.copytree(held.folder / "data/raw", tmp_path / "restored/data/raw")
    restored = Sender(tmp_path / "restored", sending=held.sending)
    pipeline.rebuild(restored.home(SECOND))
    assert restored.night(SECOND).sent == 0
    assert len(server.mails) == 1


def test_what_went_back_before_sending_began_is_not_sent(held: Sender, server: MailServer) -> None:
    held.night(FIRST)
    held.sending = _by_mail(server)
    assert held.night(SECOND).sent == 0


def test_reminders_go_on_the_day_after_and_every_week_again(
    held: Sender, server: MailServer
) -> None:
    held.night(FIRST)
    held.sending = _by_mail(server, outbox="outbox")
    days = {"2022-02-05": 0, "2022-02-06": 1, "2022-02-07": 0, "2022-02-12": 0, "2022-02-13": 1}
    for day, number in days.items():
        before = len(server.mails)
        outcome = held.night(f"{day}T03:00")
        assert len(server.mails) - before == number, day
        assert outcome.passed_over == []
    body = server.mails[-1].get_body()
    assert body is not None
    assert "濯水镇：你单位2022年1月报表应于2月5日前报送，现已逾期8天" in body.get_content()
    texts = _files(held.folder / "outbox")
    assert len(texts) == 2 * 30  # the other units, two reminders each
    assert texts[0].startswith("中塘镇/【催报】中塘镇2022年1月报表-")


@pytest.mark.parametrize("step", ["before", "sending", "deliver", "sent"])
@pytest.mark.parametrize("way", ["mail", "outbox"])
def test_nothing_is_sent_twice_and_the_outbox_loses_nothing(
    held: Sender, server: MailServer, monkeypatch: pytest.MonkeyPatch, way: str, step: str
) -> None:
    class Killed(BaseException):
        pass

    mailed = way == "mail"
    held.sending = _by_mail(server) if mailed else SendingSettings(outbox="outbox")
    where: Any = by_mail.Postman if mailed else Outbox

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        match step:
            case "before":
                patch.setattr(where, "prepare", dies)
            case "sending":
                patch.setattr(where, "deliver", dies)
            case "deliver":
                deliver = where.deliver

                def dies_after(*given: Any) -> None:
                    deliver(*given)
                    raise Killed

                patch.setattr(where, "deliver", dies_after)
            case "sent":
                patch.setattr(Sent, "sent", dies)
        with pytest.raises(Killed):
            held.night(FIRST)
    again = held.night("2022-02-05T03:00")
    third = held.night("2022-02-05T04:00")
    count = len(server.mails) if mailed else len(_files(held.folder / "outbox"))
    if mailed and step == "sending":  # nobody can know; it is said once, with what it is
        assert count == 0
        (line,) = again.passed_over
        assert "returned/" in line
        assert "may not have gone; look, and send it by hand if so" in line
    else:
        assert count == 1
    assert third.passed_over == []


def test_a_server_that_is_down_is_said_and_tried_again(
    held: Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINZHENG_SENDING_PASSWORD", PASSWORD)
    server = MailServer(tmp_path)
    held.sending = _by_mail(server)
    (line,) = held.night(FIRST).passed_over
    assert "sending: the mail to 濯水镇 did not go ([Errno 111]" in line
    with server.running():
        assert held.night("2022-02-05T03:00").sent == 1
        server.answer = "451 later"
        assert held.night("2022-02-06T02:00").sent == 0  # the reminder
        server.answer = "250 taken"
        server.refused = {"second@example.cn"}
        server.refused = {ZHUOSHUI, "second@example.cn"}
        *lines, others = held.night("2022-02-06T03:00").passed_over
        assert [each.partition(": ")[2] for each in lines] == [
            f"the mail to 濯水镇: the server takes none to {each}; correct sending.addresses"
            for each in (ZHUOSHUI, "second@example.cn")
        ]
        assert "no address for 区民政局机关, 城东街道, " in others
        server.refused = {"second@example.cn"}
        assert len(server.mails) == 1
        line, _ = held.night("2022-02-06T04:00").passed_over
        assert "takes none to second@example.cn" in line
        assert [each["Subject"][:4] for each in server.mails] == ["【退回】", "【催报】"]
        assert server.mails[-1]["X-To"] == ZHUOSHUI


def test_dead_addresses_hold_up_nobody_else(
    held: Sender, server: MailServer, district: World
) -> None:
    names = {"濯水镇": "a", "城东街道": "b", "城南街道": "c", "城西街道": "d", "石会镇": "e"}
    held.sending = replace(
        _by_mail(server, outbox="outbox"),
        addresses={name: (f"{each}@example.cn",) for name, each in names.items()},
    )
    server.refused = {"b@example.cn", "c@example.cn", "d@example.cn"}
    outcome = held.night("2022-02-06T02:00")
    assert len(outcome.passed_over) == 3
    assert sorted(each["X-To"] for each in server.mails) == ["a@example.cn"] * 2 + ["e@example.cn"]
    assert len(_files(held.folder / "outbox")) == 26


def test_a_server_that_talks_for_ever_is_left(
    held: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One letter after the other, so that no wait for the next one is ever too long."""
    with socket.create_server(("127.0.0.1", 0)) as endless:

        def talk() -> None:
            with suppress(OSError):
                taken, _ = endless.accept()
                with taken:
                    while True:
                        taken.sendall(b"2")
                        time.sleep(0.05)

        monkeypatch.setattr(by_mail, "SECONDS", 0.2)
        held.sending = SendingSettings(
            f"smtp://localhost:{endless.getsockname()[1]}",
            "a@example.cn",
            addresses={"濯水镇": (ZHUOSHUI,)},
        )
        Thread(target=talk, daemon=True).start()
        (line,) = held.night(FIRST).passed_over
    assert "the mail to 濯水镇 did not go (no answer within 1 seconds)" in line


def test_a_workbook_that_a_later_one_has_put_right_is_not_sent(
    held: Sender, server: MailServer, district: World
) -> None:
    held.send(district.returns[TOWN, JANUARY], "改正.xlsx", at="2022-02-04T10:00")
    held.sending = SendingSettings(outbox="outbox")
    outcome = held.night(FIRST)
    assert (outcome.returned, outcome.sent) == (1, 0)


def test_nobody_is_reminded_while_a_channel_is_down(
    held: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.sending = SendingSettings(outbox="outbox")
    held.night(FIRST)
    with monkeypatch.context() as patch:
        patch.setattr(Inbox, "open", _down)
        outcome = held.night("2022-02-06T02:00")
        assert (outcome.sent, len(outcome.passed_over)) == (0, 1)
    assert held.night("2022-02-06T03:00").sent == 31


def _down(*_: object) -> None:
    raise ChannelDown("it is away", again=False)


def test_a_wrong_password_is_said_without_it(
    held: Sender, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINZHENG_SENDING_PASSWORD", "geheimes-wort")
    held.sending = _by_mail(server)
    (line,) = held.night(FIRST).passed_over
    assert "the mail to 濯水镇 did not go" in line
    assert "geheimes-wort" not in line
    held.sending = replace(held.sending, ca_file="")
    (line,) = held.night("2022-02-05T03:00").passed_over
    assert "CERTIFICATE_VERIFY_FAILED" in line
    assert server.mails == []


def test_a_decision_sends_what_goes_back_of_it(held: Sender, district: World) -> None:
    held.sending = SendingSettings(outbox="outbox")
    held.drop("谁的.xlsx", b"no workbook")
    held.night(FIRST)
    assert len(_files(held.folder / "outbox")) == 1
    assert len(_files(held.folder / "outbox/濯水镇")) == 1


def test_the_summary_goes_to_each_address_once(
    held: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = ChatService(), ChatService()
    monkeypatch.setenv("MINZHENG_NOTICES", f"{one.url} {other.url}")
    held.drop("张三的表.xlsx", b"no workbook")
    with one.running(), other.running():
        assert held.night("2022-02-06T02:00").passed_over == []
        other.answer = 500
        (line,) = held.night("2022-02-07T02:00").passed_over
        assert "the summary did not reach address 2 in MINZHENG_NOTICES" in line
        assert "geheimes-wort" not in line
        other.answer = 200
        held.night("2022-02-08T02:00")
    assert [len(one.notices), len(other.notices)] == [3, 3]
    first, last = one.notices[0], other.notices[-1]
    assert first["title"] == "黔江区民政报表夜间采集"
    lines = first["message"].splitlines()
    assert lines[0] == ("收到文件2份；报表采集9张，退回1张；更正数值0个；退回工作簿1份。")
    assert lines[1] == "无法读取的文件1份，请用 minzheng status 查看。"
    assert lines[2] == "审核未通过：濯水镇2022年1月《社会救助月报表》。"
    assert lines[3].startswith("2022年1月缺报单位：区民政局机关、城东街道、城南街道、")
    assert lines[3].endswith("等30个。")
    assert "此前另有1次夜间采集未发出本提醒。" in last["message"]
    assert "张三" not in str(one.notices)


def test_a_summary_on_its_way_when_the_run_was_killed_is_not_sent_again(
    held: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(*_: object) -> None:
        raise Killed

    service = ChatService()
    monkeypatch.setenv("MINZHENG_NOTICES", service.url)
    with service.running():
        with monkeypatch.context() as patch:
            patch.setattr(Sent, "sent", dies)
            with pytest.raises(Killed):
                held.night(FIRST)
        held.night("2022-02-05T03:00")
    assert len(service.notices) == 2
    assert [each["message"][:6] for each in service.notices] == ["收到文件1份", "收到文件0份"]


@pytest.mark.parametrize(
    "address",
    [
        "dingtalk://abcdefghijklmnopqrst",
        "wecombot://12345678-abcd-abcd-abcd-1234567890ab",
        "feishu://abcdefghij1234",
        "mailtos://user:pass@example.cn?to=leader@example.cn",
    ],
)
def test_the_services_are_known(address: str) -> None:
    from apprise import Apprise

    assert Apprise().add(address)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (3, "sending is no table; write [sending]"),
        ({"password": "x"}, "sending.password stands in the file; put it into the variable"),
        ({"server": "mail.example.cn"}, "sending.server is no address of a mail server"),
        ({"server": "smtps://u:p@h", "sender": "a@b.cn"}, "sending.server holds a password"),
        ({"server": "smtps://u@h"}, "sending.sender is ''; give the address"),
        ({"addresses": {"濯水镇": "x"}}, "sending.addresses gives 濯水镇 'x'; give an address"),
        ({"addresses": {"濯水镇": "a@b.cn"}}, "sending.addresses names units, but server is"),
        ({"remind_every": 0}, "sending.remind_every is 0; give a whole number from 1 on"),
        ({"colour": 1}, "sending.colour is no setting; known: server, sender"),
    ],
)
def test_a_wrong_setting_is_named(table: object, said: str) -> None:
    problems: list[str] = []
    read_sending(table, problems)
    assert any(each.startswith(said) for each in problems)


def test_an_address_of_no_unit_is_named(tmp_path: Path) -> None:
    said = SendingSettings("smtps://u@h", "a@b.cn", addresses={"无名镇": ("a@b.cn",)})
    with pytest.raises(Misuse, match=r"sending\.addresses names the unit '无名镇'"):
        Sender(tmp_path, sending=said).home(FIRST)
