"""The channels in the settings: each wrong one is named, with the form it takes."""

from pathlib import Path

import pytest

from flows.channel_settings import InboxSettings, MailboxSettings, RemoteSettings
from flows.errors import Misuse
from flows.home import open_home
from flows.settings import Settings, load_settings

RIGHT = """
processes = 3

[channels.folder.units]
"濯水镇" = "濯水镇"

[channels.mail]
kind = "imap"
host = "mail.example.cn"
user = "baosong@example.cn"
authserv_id = "mail.example.cn"
units = { "zs@example.cn" = "濯水镇", "@office.cn" = "*", "cx@example.cn" = ["城东街道", "500114110"] }

[channels.box]
kind = "remote"
url = "sftp://baosong@10.20.0.5/incoming"
known_hosts = "known_hosts"
taken = "keep"

[channels.store]
kind = "remote"
url = "s3://bucket/in"
options = { endpoint_url = "http://10.20.0.6:9000" }
"""


def _load(folder: Path, text: str, patch: pytest.MonkeyPatch) -> Settings:
    (folder / "minzheng.toml").write_text(text, encoding="utf-8")
    patch.setenv("MINZHENG_HOME", str(folder))
    return load_settings()


def test_channels_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _load(tmp_path, RIGHT, monkeypatch)
    folder, mail, box, store = settings.channels
    assert settings.processes == 3
    assert folder == InboxSettings("folder", {"濯水镇": ("濯水镇",)})
    assert isinstance(mail, MailboxSettings)
    assert (mail.host, mail.security, mail.mailbox) == ("mail.example.cn", "tls", "INBOX")
    assert mail.units["cx@example.cn"] == ("城东街道", "500114110")
    assert isinstance(box, RemoteSettings)
    assert (box.taken, box.known_hosts) == ("keep", "known_hosts")
    assert isinstance(store, RemoteSettings)
    assert store.options == {"endpoint_url": "http://10.20.0.6:9000"}
    open_home(settings)


def test_without_a_table_there_is_the_inbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _load(tmp_path, "", monkeypatch).channels == (InboxSettings("folder"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("processes = 0", "processes is 0; give a whole number from 1 on"),
        ("processes = true", "processes is True; give a whole number"),
        ("settle_seconds = -1", "settle_seconds is -1; give a number from 0 on"),
        ('rounding = "up"', "rounding is 'up'; give half_up or gb8170"),
        ("schemas = 3", "schemas is 3; give a text"),
        ("colour = 3", "colour is no setting; known: schemas, processes"),
        ("channels = 3", r"name each channel in a table \[channels.NAME\]"),
        ("[channels]\nmail = 3", r"channels.mail is no table; write \[channels.mail\]"),
        ("[channels.mail]", "channels.mail.kind is None; give imap or remote"),
        ("[channels.folder]\nkind = 'imap'", "channels.folder.kind is 'imap'"),
        ("[channels.Mail-1]\nkind = 'imap'", "channels.Mail-1 is no name for a channel"),
        ("[channels.history]\nkind = 'imap'", "channels.history is no name for a channel"),
        ("[channels.mail]\nkind = 'imap'", "channels.mail.host is missing; give a text"),
        (
            "[channels.mail]\nkind='imap'\nhost='h'\nuser='u'\nport='x'",
            "channels.mail.port is 'x'; give a whole number from 1 on",
        ),
        (
            "[channels.mail]\nkind='imap'\nhost='h'\nuser='u'\npassword='x'",
            "channels.mail.password stands in the file; put it into the variable "
            "MINZHENG_MAIL_PASSWORD only",
        ),
        (
            "[channels.mail]\nkind='imap'\nhost='h'\nuser='u'\nsecurity='none'",
            "channels.mail.security is none, which would show the password",
        ),
        (
            "[channels.mail]\nkind='imap'\nhost='h'\nuser='u'\nunits={'a@b.cn'='濯水镇'}",
            "channels.mail.units binds addresses, which anybody can write into a mail; "
            "give authserv_id",
        ),
        (
            "[channels.mail]\nkind='imap'\nhost='h'\nuser='u'\nfrom_is_checked=true\n"
            "units={'濯水镇'='濯水镇'}",
            "channels.mail.units names '濯水镇'; give an address as zs@example.cn",
        ),
        (
            "[channels.mail]\nkind='imap'\nhost='h'\nuser='u'\nunits=['濯水镇']",
            "channels.mail.units is .*; give a table of names or lists of names",
        ),
        (
            "[channels.x]\nkind='remote'\nurl='/mnt/x'",
            "channels.x.url begins with ''; give one that",
        ),
        (
            "[channels.x]\nkind='remote'\nurl='sftp://u:geheim@h/x'\nknown_hosts='k'",
            "channels.x.url holds a password; put it into the variable MINZHENG_X_PASSWORD only",
        ),
        ("[channels.x]\nkind='remote'\nurl='sftp://h/x'", "channels.x.known_hosts is missing"),
        (
            "[channels.x]\nkind='remote'\nurl='webdav://h/x'",
            "channels.x.url is webdav://, which would show the password",
        ),
        (
            "[channels.x]\nkind='remote'\nurl='s3://b'\noptions={secret='y'}",
            "channels.x.options.secret stands in the file",
        ),
        ("[channels.folder.units]\n'../x'='濯水镇'", "channels.folder.units names '../x'"),
    ],
)
def test_a_wrong_setting_is_named_with_the_right_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    with pytest.raises(Misuse, match=said) as refused:
        _load(tmp_path, text, monkeypatch)
    assert "geheim" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_all_that_is_wrong_is_named_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Misuse) as refused:
        _load(tmp_path, "processes = 0\ncolour = 1\n[channels.mail]\nkind='imap'", monkeypatch)
    for each in ("processes is 0", "colour is no", "mail.host is missing", "mail.user is missing"):
        assert each in str(refused.value)


def test_a_unit_that_there_is_not_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _load(tmp_path, "[channels.folder.units]\n'x'='无名镇'", monkeypatch)
    with pytest.raises(Misuse, match=r"channels\.folder\.units names the unit '无名镇'"):
        open_home(settings)
