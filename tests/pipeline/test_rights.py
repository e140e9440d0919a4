"""What the program writes is not for everybody on the machine."""

import os
import stat
import subprocess
import sys

from flows.demo.world import World
from tests.homes import TOWN, Place


def test_nobody_else_reads_and_nobody_changes_the_archive(place: Place, district: World) -> None:
    place.send(district.returns[TOWN, 2022 * 12])
    run = "import os; os.umask(0); from flows.cli import main; main()"
    environment = os.environ | {
        "MINZHENG_HOME": str(place.folder),
        "MINZHENG_NOW": "2022-02-05T23:00",
        "MINZHENG_SETTLE_SECONDS": "0",
    }
    subprocess.run([sys.executable, "-c", run, "nightly"], env=environment, check=True)
    inbox = place.folder / "data/raw/inbox"
    written = [
        each
        for each in (place.folder / "data").rglob("*")
        if inbox not in (each, *each.parents) and each != inbox.parent
    ]
    assert len(written) > 20
    for each in written:
        mode = each.stat().st_mode
        assert not mode & (stat.S_IRWXO | stat.S_IWGRP), each
        if "archive" in each.parts and each.is_file():
            assert not mode & stat.S_IWUSR, each
