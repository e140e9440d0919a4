"""systemd finds nothing wrong with the unit."""

import subprocess
import sys
from pathlib import Path

from tests.service.systemd import program
from tests.service.test_files import PROGRAM, UNIT


def test_systemd_verifies_the_unit(tmp_path: Path) -> None:
    # The paths are those of an installation; what is verified must be there.
    unit = tmp_path / UNIT.name
    here = UNIT.read_text(encoding="utf-8").replace(f"={PROGRAM} ", f"={sys.executable} ")
    unit.write_text(here, encoding="utf-8")
    analyze = program()
    assert analyze is not None
    told = subprocess.run(
        [analyze, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout + told.stderr) == (0, "")
