"""The audit of the dependencies: what the tool finds, and what is made of it."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

_PATH = Path(__file__).parents[2] / ".ci" / "audit.py"


def _verdict(*dependencies: dict[str, Any]) -> tuple[int, list[str]]:
    spec = importlib.util.spec_from_file_location("audit", _PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    code, lines = module.verdict({"dependencies": list(dependencies)})
    return code, lines


SOUND = {"name": "a", "version": "1", "vulns": []}
SKIPPED = {"name": "b", "skip_reason": "not found"}
KNOWN = {"name": "c", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}


@pytest.mark.parametrize(
    ("found", "code", "said"),
    [
        ((SOUND,), 0, "1 versions audited, 0 advisories"),
        ((SOUND, KNOWN), 1, "c 2: PYSEC-1, put right in 3"),
        ((SOUND, SKIPPED), 1, "b: not found"),
        ((SKIPPED, SKIPPED), 0, "NOTHING WAS AUDITED"),
    ],
)
def test_what_is_made_of_what_is_found(found: tuple[Any, ...], code: int, said: str) -> None:
    given, lines = _verdict(*found)
    assert given == code
    assert said in "\n".join(lines)
