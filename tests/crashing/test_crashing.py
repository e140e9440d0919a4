"""A small sample of what `python -m tests.crashing` does, the same each time."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked and counted by Linux")
def test_a_sample_of_hurt_runs_comes_to_the_same_home() -> None:
    arguments = ["--kills", "6", "--seed", "5", "--night"]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.crashing", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    said = re.search(r"([\d,]+) times opened\), reader errors 0, strange states 0", ended.stdout)
    assert said, ended.stdout
    assert int(said[1].replace(",", "")) > 0
