"""A night that uses every channel, one of them down."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.channel_settings import InboxSettings
from flows.demo.world import World
from tests.channels.homes import (
    Reached,
    dav_folder,
    mailbox,
    nowhere,
    s3_bucket,
    set_passwords,
    sftp_folder,
)
from tests.channels.mails import ZHUOSHUI, mail, passed
from tests.channels.servers import HttpServer, MailServer, SftpServer
from tests.homes import content_of

JANUARY = 2022 * 12


@pytest.fixture(autouse=True)
def _passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    set_passwords(monkeypatch)


def _toml(path: Path, box: MailServer, sftp: SftpServer, s3: HttpServer, dav: HttpServer) -> None:
    away = nowhere()
    path.write_text(
        f"""
settle_seconds = 0
processes = 1
[channels.mail]
kind = "imap"
host = "localhost"
port = {box.port}
user = "{box.user}"
ca_file = "{box.authority}"
authserv_id = "mx.example.cn"
units = {{ "{ZHUOSHUI}" = "濯水镇" }}
[channels.box]
kind = "remote"
url = "{sftp.url}"
known_hosts = "{sftp.known_hosts}"
key_file = "{sftp.key}"
[channels.away]
kind = "remote"
url = "{away.url}"
known_hosts = "{away.known_hosts}"
[channels.store]
kind = "remote"
url = "s3://bucket/in"
options = {{ endpoint_url = "http://127.0.0.1:{s3.port}" }}
[channels.dav]
kind = "remote"
url = "webdav://minzheng@127.0.0.1:{dav.port}"
""",
        encoding="utf-8",
    )


def test_what_the_others_brought_is_loaded_and_the_night_says_which_is_down(
    tmp_path: Path,
    mail_box: MailServer,
    sftp: SftpServer,
    s3: HttpServer,
    webdav: HttpServer,
    district: World,
) -> None:
    units = ["500114112", "500114001", "500114106", "500114110", "500114246"]
    contents = [content_of(district.returns[unit, JANUARY]) for unit in units]
    home = Reached(tmp_path)
    home.drop("a.xlsx", contents[1])
    mail_box.deliver(passed().encode() + mail({"b.xlsx": contents[0]}), 1_643_850_000)
    (sftp.folder / "c.xlsx").write_bytes(contents[2])
    (s3.folder / "bucket" / "in").mkdir(parents=True, exist_ok=True)
    (s3.folder / "bucket" / "in" / "d.xlsx").write_bytes(contents[3])
    (webdav.folder / "e.xlsx").write_bytes(contents[4])
    for each in (sftp.folder / "c.xlsx", s3.folder / "bucket/in/d.xlsx", webdav.folder / "e.xlsx"):
        os.utime(each, (1_643_850_000, 1_643_850_000))
    _toml(tmp_path / "minzheng.toml", mail_box, sftp, s3, webdav)
    environment = os.environ | {
        "MINZHENG_HOME": str(tmp_path),
        "MINZHENG_NOW": "2022-02-05T23:00",
    }
    done = subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", "nightly"],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 4, done.stderr
    assert "received 5, accepted 50" in done.stdout
    (line,) = done.stderr.strip().splitlines()
    assert "channel away: it could not be reached" in line
    assert "Traceback" not in done.stderr
    assert {name: found[:2] for name, found in home.states().items()} == {
        "a.xlsx": ("accepted", "folder"),
        "b.xlsx": ("accepted", "mail"),
        "c.xlsx": ("accepted", "box"),
        "d.xlsx": ("accepted", "store"),
        "e.xlsx": ("accepted", "dav"),
    }
    for password in ("Sesam", "geheim"):
        for path in tmp_path.rglob("*"):
            if path.is_file() and path.suffix != ".toml":
                assert password.encode() not in path.read_bytes(), path


def test_all_are_used_by_the_settings_of_a_home(
    tmp_path: Path, mail_box: MailServer, sftp: SftpServer, s3: HttpServer, webdav: HttpServer
) -> None:
    channels = [
        InboxSettings("folder"),
        mailbox(mail_box),
        sftp_folder(sftp),
        s3_bucket(s3),
        dav_folder(webdav),
    ]
    (s3.folder / "bucket" / "in").mkdir(parents=True, exist_ok=True)
    outcome = Reached(tmp_path, channels=[*channels]).tonight()
    assert (outcome.received, outcome.passed_over) == (0, [])
