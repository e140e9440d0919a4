"""Whole random histories, told by the program and by the plain implementation alike."""

from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest

from flows.computing import compute
from flows.releasing import effects
from tests.comparing.histories import plan
from tests.comparing.telling import tell

SEEDS = (7, 8, 10, 22, 26)
"""Most have releases and what followed; 8 is replayed as well."""


@pytest.mark.parametrize("seed", SEEDS)
def test_sql_and_plain_tell_the_same_of_a_whole_history(seed: int, tmp_path: Path) -> None:
    told = tell(plan(seed), tmp_path)
    assert told.differences == []
    assert told.counted["values"] > 0


def _replaced(step: str, old: str, new: str) -> Callable[[str], str]:
    text = compute._text

    def changed(name: str) -> str:
        assert name != step or old in text(name)
        return text(name).replace(old, new) if name == step else text(name)

    return changed


def test_a_base_that_is_shifted_by_a_quarter_is_seen(tmp_path: Path) -> None:
    shifted = _replaced(
        "pairs",
        "compared.quarter - comparison.quarters_back\n",
        "compared.quarter - comparison.quarters_back + 1\n",
    )
    with mock.patch.object(compute, "_text", shifted):
        assert any("growth" in each for each in tell(plan(7), tmp_path).differences)


def test_changes_followed_in_another_order_are_seen(tmp_path: Path) -> None:
    backwards = effects._CHANGES.replace("a.sequence NULLS LAST", "a.sequence DESC NULLS LAST")
    assert backwards != effects._CHANGES
    with mock.patch.object(effects, "_CHANGES", backwards):
        assert any("release_revision" in each for each in tell(plan(3), tmp_path).differences)
