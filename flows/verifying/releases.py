"""The releases: frozen rows are what was frozen, and journal and folder agree."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from flows.collecting.journal import Event
from flows.releasing import frozen
from flows.verifying.found import RESTORE, Found
from flows.verifying.snapshot import Snapshot


def see_releases(home: Snapshot, events: Sequence[Event], found: Found) -> None:
    """Say which releases are damaged, gone or unknown to the journal."""
    copies, real = home.settings.releases, home.home.settings.releases
    known: dict[str, Event] = {}
    for event in events:
        if event["event"] == "release":
            known.setdefault(event["release"], event)
    for name, event in known.items():
        folder = copies / name
        if not folder.exists() and (aside := folder.with_name(f".{name}.part")).exists():
            found.notice(
                "release_aside",
                real / aside.name,
                f"The release {name} is not in its place yet; the next run puts it there.",
            )
            folder = aside
        _see(folder, real / folder.name, event["sha256"], found)
    for name in frozen.names(copies):
        if name not in known:
            found.problem(
                "release_unnamed",
                real / name,
                f"The journal does not name the release {real / name}; restore the journal from "
                "the backup.",
            )
    _strays(copies, real, set(known), found)
    found.checked["releases"] = len(known)


def _see(folder: Path, real: Path, hashed: str, found: Found) -> None:
    if not folder.is_dir():
        found.problem(
            "release_missing", real, f"The release {real} is gone; restore it from the backup."
        )
        return
    content = _content(folder / frozen.MANIFEST)
    if content is None or frozen.digest(content) != hashed:
        found.problem(
            "release_altered",
            real / frozen.MANIFEST,
            f"{real / frozen.MANIFEST} is not what the journal says was frozen; {RESTORE}.",
        )
        return
    wanted = json.loads(content)["files"]
    for name, digest in wanted.items():
        held = _content(folder / name)
        if held is None or frozen.digest(held) != digest:
            what = "is gone" if held is None else "is not what was frozen"
            found.problem("release_altered", real / name, f"{real / name} {what}; {RESTORE}.")
    for each in sorted(folder.iterdir()):
        if each.name not in wanted and each.name != frozen.MANIFEST:
            path = real / each.name
            found.problem("stray", path, f"{path} is no file of the release; remove it.")
        elif os.name != "nt" and each.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            path = real / each.name
            found.problem("writable", path, f"{path} can be written; run chmod a-w on it.")
    found.checked["frozen_files"] += len(wanted) + 1


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _strays(copies: Path, real: Path, known: set[str], found: Found) -> None:
    for each in sorted(copies.iterdir()) if copies.exists() else ():
        path, name = real / each.name, each.name.removeprefix(".").removesuffix(".part")
        if not each.is_dir():
            found.problem("stray", path, f"{path} is no release; remove it.")
        elif each.name[0] == "." and (name not in known or (copies / name).exists()):
            found.notice(
                "release_aside",
                path,
                f"{path} was left by a release that broke off before it was recorded; release "
                "again, or remove it.",
            )
