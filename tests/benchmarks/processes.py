"""Running one measurement in a process of its own and watching its memory."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_EVERY_SECONDS = 0.1


def measured(what: str, *arguments: object) -> dict[str, Any]:
    """What the measurement printed, with the memory and processor time of all its processes."""
    command = [sys.executable, "-m", "tests.benchmarks.one", what, *map(str, arguments)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        watch = _Watch(process.pid)
        watch.start()
        printed, _ = process.communicate()
        watch.stop()
    if process.returncode:
        raise SystemExit(f"{what} ended with {process.returncode}")
    result: dict[str, Any] = json.loads(printed.splitlines()[-1])
    peak = max(watch.peak_bytes, int(result.get("own_bytes", 0)))
    return result | {"peak_bytes": peak, "processor_seconds": watch.processor_seconds}


class _Watch(threading.Thread):
    """Samples resident memory and processor time of every process of a session, added up.

    Pages that processes share are counted in each: the sum is an upper bound. Worker
    processes are children of a fork server, so that `getrusage` does not see them.
    """

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self.peak_bytes = 0
        self._ticks: dict[str, int] = {}
        self._session = session
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(_EVERY_SECONDS):
            self.peak_bytes = max(self.peak_bytes, self._look())

    @property
    def processor_seconds(self) -> float:
        """Of all processes together, as they were last seen."""
        return sum(self._ticks.values()) / os.sysconf("SC_CLK_TCK") if self._ticks else 0.0

    def stop(self) -> None:
        self._over.set()
        self.join()

    def _look(self) -> int:
        pages = 0
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                # After the command's name in brackets: state, parent, group, session, …
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == self._session:
                    pages += int((entry / "statm").read_text().split()[1])
                    self._ticks[entry.name] = int(fields[11]) + int(fields[12])
            except (OSError, ValueError, IndexError):  # it has ended meanwhile
                continue
        return pages * os.sysconf("SC_PAGE_SIZE") if pages else 0
