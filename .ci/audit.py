"""Asks the advisories of PyPI whether a version in requirements.lock is known to be vulnerable.

Ends with 1 where one is, or where only some could be asked about. Where none could, as in a
network without PyPI's own service, it says that nothing was audited: that is no fault of the lock.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

TOOL = "pip-audit==2.10.1"
LOCK = Path(__file__).parent.parent / "requirements.lock"


def verdict(found: dict[str, Any]) -> tuple[int, list[str]]:
    """The exit code and the lines to print for what the tool found."""
    every = found["dependencies"]
    skipped = [each for each in every if "skip_reason" in each]
    known = [(each, one) for each in every for one in each.get("vulns", [])]
    lines = [
        f"{each['name']} {each['version']}: {one['id']}, put right in "
        f"{', '.join(one['fix_versions']) or 'no version yet'}"
        for each, one in known
    ]
    if skipped and len(skipped) == len(every):
        return 0, ["the advisories cannot be reached from here: NOTHING WAS AUDITED"]
    lines += [f"{each['name']}: {each['skip_reason']}" for each in skipped]
    audited = len(every) - len(skipped)
    return int(bool(lines)), [*lines, f"{audited} versions audited, {len(known)} advisories"]


def main() -> int:
    """Audit the lock."""
    command = ["uv", "tool", "run", "--quiet", TOOL, "--disable-pip", "--require-hashes"]
    command += ["--format", "json", "--progress-spinner", "off", "-r", str(LOCK)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    try:
        code, lines = verdict(json.loads(done.stdout))
    except ValueError:
        code, lines = 1, [done.stderr.strip() or "the tool said nothing"]
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
