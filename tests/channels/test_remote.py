"""Files from remote folders: a real OpenSSH server, S3 and WebDAV."""

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from flows import pipeline
from flows.channel_settings import RemoteSettings
from flows.collecting import remote as channel
from flows.demo.world import World
from tests.channels.homes import Reached, dav_folder, s3_bucket, set_passwords, sftp_folder
from tests.channels.servers import HttpServer, SftpServer
from tests.homes import OTHER_TOWN, TOWN, content_of

JANUARY = 2022 * 12
AT = dt.datetime.fromisoformat("2022-02-03T09:30+08:00")


@pytest.fixture(autouse=True)
def _passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    set_passwords(monkeypatch)


@pytest.fixture
def box(sftp: SftpServer) -> SftpServer:
    for each in sftp.folder.iterdir():
        shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
    return sftp


def _put(folder: Path, name: str, content: bytes, at: dt.datetime = AT) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


Folder = Callable[..., tuple[Path, RemoteSettings]]


@pytest.fixture(params=["sftp", "s3", "webdav"])
def folder(request: pytest.FixtureRequest) -> Folder:
    """The served folder and the channel that reads it, by each kind of server."""

    def made(**said: Any) -> tuple[Path, RemoteSettings]:
        if request.param == "sftp":
            server = request.getfixturevalue("box")
            return server.folder, sftp_folder(server, **said)
        server = request.getfixturevalue(request.param)
        shutil.rmtree(server.folder / "bucket", ignore_errors=True)
        place = server.folder / "bucket" / "in"
        place.mkdir(parents=True)
        if request.param == "s3":
            return place, s3_bucket(server, **said)
        channel = dav_folder(server, **said)
        return place, RemoteSettings(**{**_fields(channel), "url": f"{channel.url}/bucket/in"})

    return made


def _fields(settings: RemoteSettings) -> dict[str, Any]:
    return asdict(settings)


def test_files_are_taken_and_removed_there(tmp_path: Path, folder: Folder, district: World) -> None:
    place, said = folder()
    home = Reached(tmp_path, channels=[said])
    own = content_of(district.returns[TOWN, JANUARY])
    _put(place, "濯水镇/一月 报表.xlsx", own)
    _put(place, "城东.xlsx", content_of(district.returns[OTHER_TOWN, JANUARY]))
    _put(place, ".unfertig.xlsx", b"x")
    _put(place, "halb.xlsx.part", b"x")
    outcome = home.tonight()
    assert (outcome.received, outcome.accepted, outcome.passed_over) == (2, 20, [])
    assert home.states() == {
        "一月 报表.xlsx": ("accepted", said.name, ""),
        "城东.xlsx": ("accepted", said.name, ""),
    }
    assert home.query("SELECT DISTINCT received_at FROM submission") == [
        (AT.astimezone(dt.UTC).replace(tzinfo=None),)
    ]
    left = sorted(each.name for each in place.rglob("*") if each.is_file())
    assert left == [".unfertig.xlsx", "halb.xlsx.part"]
    assert home.tonight("2022-02-06T23:00").received == 0


def test_files_that_are_kept_are_taken_once_and_another_version_again(
    tmp_path: Path, folder: Folder, district: World
) -> None:
    place, said = folder(taken="keep")
    home = Reached(tmp_path, channels=[said])
    path = _put(place, "a.xlsx", content_of(district.returns[TOWN, JANUARY]))
    assert home.tonight().received == 1
    assert path.exists()
    assert home.tonight("2022-02-06T23:00").received == 0
    _put(
        place, "a.xlsx", content_of(district.returns[TOWN, JANUARY + 1]), AT + dt.timedelta(days=4)
    )
    assert home.tonight("2022-02-07T23:00").received == 1


def test_a_folder_speaks_for_its_own_unit(tmp_path: Path, folder: Folder, district: World) -> None:
    place, said = folder(units={"濯水镇": ("濯水镇",), "城东": ("城东街道",)})
    home = Reached(tmp_path, channels=[said])
    ours, theirs = (content_of(district.returns[unit, JANUARY]) for unit in (TOWN, OTHER_TOWN))
    _put(place, "濯水镇/right.xlsx", ours)
    _put(place, "濯水镇/wrong.xlsx", theirs)
    _put(place, "elsewhere/lost.xlsx", theirs)
    _put(place, "top.xlsx", theirs)
    assert home.tonight().accepted == 10
    assert {name: state for name, (state, _, _) in home.states().items()} == {
        "right.xlsx": "accepted",
        "wrong.xlsx": "unidentified",
        "lost.xlsx": "unidentified",
        "top.xlsx": "unidentified",
    }
    before = home.tables()
    pipeline.rebuild(home.home("2022-02-06T10:00"))
    assert home.tables() == before


class _Killed(BaseException):
    pass


@pytest.mark.parametrize("after", [False, True])
def test_a_file_is_taken_once_even_if_the_run_dies_before_it_is_removed(
    tmp_path: Path, folder: Folder, district: World, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    place, said = folder()
    home = Reached(tmp_path, channels=[said])
    _put(place, "a.xlsx", content_of(district.returns[TOWN, JANUARY]))
    settle = channel._Session.settle

    def dies(*given: Any) -> None:
        if after:
            settle(*given)
        raise _Killed

    with monkeypatch.context() as patch:
        patch.setattr("flows.collecting.remote._Session.settle", dies)
        with pytest.raises(_Killed):
            home.tonight()
    outcome = home.tonight("2022-02-06T23:00")
    assert outcome.passed_over == []
    assert home.query("SELECT file_name, state FROM submission") == [("a.xlsx", "accepted")]
    assert not list(place.rglob("*.xlsx"))
    _put(place, "a.xlsx", content_of(district.returns[TOWN, JANUARY + 1]))
    assert home.tonight("2022-03-02T23:00").received == 1


def test_a_host_that_is_not_known_is_not_spoken_to(
    tmp_path: Path, box: SftpServer, district: World
) -> None:
    _put(box.folder, "a.xlsx", b"x")
    other = tmp_path / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(other)], check=True)
    key = (tmp_path / "other.pub").read_text().split()[:2]
    (tmp_path / "changed").write_text(f"[127.0.0.1]:{box.port} {' '.join(key)}\n")
    (tmp_path / "empty").write_text("")
    for hosts in ("changed", "empty"):
        home = Reached(
            tmp_path / f"home-{hosts}",
            channels=[sftp_folder(box, known_hosts=str(tmp_path / hosts))],
        )
        (line,) = home.tonight().passed_over
        assert "channel box: it could not be reached (Host key is not trusted" in line
    home = Reached(tmp_path / "none", channels=[sftp_folder(box, known_hosts="nowhere")])
    (line,) = home.tonight().passed_over
    assert "there is no file" in line
    home = Reached(tmp_path / "key", channels=[sftp_folder(box, key_file=str(other))])
    (line,) = home.tonight().passed_over
    assert "Permission denied" in line
    assert (box.folder / "a.xlsx").exists()


def test_links_lead_nowhere_and_gbk_names_are_read(tmp_path: Path, box: SftpServer) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.xlsx").write_bytes(b"x")
    (box.folder / "link.xlsx").symlink_to("/etc/passwd")
    (box.folder / "into").symlink_to(outside)
    name = os.fsencode(box.folder) + b"/" + "濯水镇.csv".encode("gb18030")
    Path(os.fsdecode(name)).write_bytes(b"x")
    os.utime(name, (AT.timestamp(), AT.timestamp()))
    home = Reached(tmp_path / "home", channels=[sftp_folder(box)])
    home.tonight()
    assert list(home.states()) == ["濯水镇.csv"]
    assert (box.folder / "link.xlsx").is_symlink()
    assert (outside / "b.xlsx").exists()


def test_a_time_that_the_sender_set_makes_no_file_older_than_the_last_look(
    tmp_path: Path, box: SftpServer, district: World
) -> None:
    """Programs that copy by SFTP keep a file's own time: it did not come before it was there."""
    home = Reached(tmp_path, channels=[sftp_folder(box)])
    home.tonight("2022-02-06T02:00")
    _put(box.folder, "a.xlsx", content_of(district.returns[TOWN, JANUARY]))  # as of 3 February
    home.tonight("2022-02-07T02:00")
    looked = dt.datetime.fromisoformat("2022-02-05T18:00")
    assert home.query("SELECT received_at FROM submission") == [(looked,)]


def test_a_file_that_was_written_to_just_now_is_left_for_the_next_night(
    tmp_path: Path, box: SftpServer, district: World
) -> None:
    path = _put(
        box.folder, "a.xlsx", content_of(district.returns[TOWN, JANUARY]), dt.datetime.now(dt.UTC)
    )
    home = Reached(tmp_path, channels=[sftp_folder(box)])
    outcome = home.tonight()
    assert (outcome.received, outcome.passed_over) == (0, [])
    assert "a.xlsx: it may still be on its way" in outcome.noted[0]
    os.utime(path, (AT.timestamp(), AT.timestamp()))
    assert home.tonight("2022-02-06T23:00").received == 1


def test_one_file_that_is_refused_costs_no_other(
    tmp_path: Path, folder: Folder, district: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a library raises: as long as the server answers, it is that file's trouble."""
    place, said = folder()
    home = Reached(tmp_path, channels=[said])
    for number, unit in enumerate((TOWN, OTHER_TOWN, "500114106")):
        _put(place, f"{number}.xlsx", content_of(district.returns[unit, JANUARY]))
    opened = channel.open_file_system

    def locking(*given: Any) -> Any:
        there = opened(*given)
        cat_file = there.system.cat_file

        def locked(path: str) -> Any:
            if path.endswith("1.xlsx"):
                raise RuntimeError("it is open in another program")
            return cat_file(path)

        there.system.cat_file = locked
        return there

    with monkeypatch.context() as patch:
        patch.setattr(channel, "open_file_system", locking)
        outcome = home.tonight()
    assert outcome.received == 2
    (line,) = outcome.passed_over
    assert "1.xlsx: it is refused (it is open in another program)" in line
    assert [each.name for each in place.rglob("*.xlsx")] == ["1.xlsx"]
    assert home.tonight("2022-02-06T23:00").received == 1


def test_what_was_kept_is_known_under_another_name_and_when_it_is_removed_now(
    tmp_path: Path, folder: Folder, district: World
) -> None:
    place, said = folder(taken="keep")
    home = Reached(tmp_path, channels=[said])
    _put(place, "a.xlsx", content_of(district.returns[TOWN, JANUARY]))
    assert home.tonight().received == 1
    home.channels = [replace(said, taken="remove")]
    assert home.tonight("2022-02-06T23:00").received == 0
    assert not list(place.rglob("*.xlsx"))


def test_a_file_that_comes_again_after_a_run_was_killed_is_read_again(
    tmp_path: Path, folder: Folder, district: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, said = folder()
    home = Reached(tmp_path, channels=[said])
    old, new = (content_of(district.returns[TOWN, JANUARY + month]) for month in (0, 1))
    _put(place, "a.xlsx", old)
    settle = channel._Session.settle

    def dies_after(*given: Any) -> None:
        settle(*given)
        raise _Killed

    with monkeypatch.context() as patch:
        patch.setattr("flows.collecting.remote._Session.settle", dies_after)
        with pytest.raises(_Killed):
            home.tonight()
    _put(place, "a.xlsx", new, AT + dt.timedelta(days=1))
    assert home.tonight("2022-02-06T23:00").received == 1
    _put(place, "a.xlsx", old)
    assert home.tonight("2022-02-07T23:00").received == 1


def test_what_cannot_be_removed_is_said_and_taken_once(
    tmp_path: Path, folder: Folder, district: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, said = folder()
    home = Reached(tmp_path, channels=[said])
    path = _put(place, "a.xlsx", content_of(district.returns[TOWN, JANUARY]))
    opened = channel.open_file_system

    def refusing(*given: Any) -> Any:
        there = opened(*given)
        there.system.rm_file = _refuse
        return there

    with monkeypatch.context() as patch:
        patch.setattr(channel, "open_file_system", refusing)
        (line,) = home.tonight().passed_over
        assert "a.xlsx: taken in, but could not be removed" in line
        again = home.tonight("2022-02-06T23:00")
        assert (again.received, len(again.passed_over)) == (0, 1)
    assert path.exists()
    assert home.tonight("2022-02-07T23:00").passed_over == []
    assert not path.exists()


def _refuse(path: str) -> None:
    raise PermissionError(13, "Permission denied", path)


def test_a_wrong_key_is_said_without_it(
    tmp_path: Path, s3: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (s3.folder / "bucket" / "in").mkdir(parents=True, exist_ok=True)
    monkeypatch.setenv("MINZHENG_STORE_SECRET", "geheimes-wort")
    home = Reached(tmp_path, channels=[s3_bucket(s3)])
    (line,) = home.tonight().passed_over
    assert line.startswith("channel store: it refuses this")
    assert "geheimes-wort" not in line
