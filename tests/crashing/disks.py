"""A disk of its own for a home, that has only so much room: a tmpfs, where one may be mounted."""

import os
import subprocess
from pathlib import Path

_ROOM = 500_000
"""Kilobytes: as much as a home ever needs."""


def may_mount(folder: Path) -> bool:
    """Whether a disk may be mounted here at all."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return False
    unmount(folder)
    return True


def mount(folder: Path) -> Path:
    """A new disk at the folder; where on it a home may lie."""
    folder.mkdir(exist_ok=True)
    options = f"size={_ROOM}k"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    (folder / "scratch").mkdir()
    return folder / "home"


def leave_room(folder: Path, kilobytes: int = _ROOM) -> None:
    """Let the disk have so much room beside what lies on it."""
    statistics = os.statvfs(folder)
    taken = (statistics.f_blocks - statistics.f_bfree) * statistics.f_bsize // 1024
    options = f"remount,size={taken + kilobytes}k"
    subprocess.run(["mount", "-o", options, str(folder)], check=True)


def unmount(folder: Path) -> None:
    """Take the disk away with all that lies on it."""
    subprocess.run(["umount", "-l", str(folder)], check=True)
