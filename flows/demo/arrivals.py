"""What comes in on which day: returns, late ones, spoiled ones, corrections, junk."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

from flows.demo import choosing
from flows.demo.chance import stream
from flows.demo.junk import junk_files
from flows.demo.layout import Layout, habitual_layout, plain_layout
from flows.demo.planted import Planted
from flows.demo.returns import Return
from flows.demo.targets import HALF_TIME, changed_at_half_time, sent_on
from flows.demo.timing import day_after, file_name, working_hour
from flows.demo.workbook import Book, write_workbook
from flows.demo.world import World
from schemas.declaring import periods

Kind = Literal["return", "correction", "duplicate", "targets", "junk"]
LATE, SPLIT, AGAIN = 0.06, 0.04, 0.006
"""How often a return is late, comes in two files, comes twice."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file and when it comes: on `day` in Shanghai, `at` in UTC.

    `unit` (code) and `month` say whose and which month it truly is, None for junk.
    """

    day: dt.date
    at: dt.datetime
    file_name: str
    unit: str | None
    month: int | None
    kind: Kind
    content: Book | bytes
    planted: tuple[Planted, ...] = ()


def make_arrivals(
    world: World, seed: int, mistakes: bool = True, habits: bool = True
) -> list[Arrival]:
    """All files of the world's months, in order of arrival.

    Without `mistakes` every return is right, complete and in time, and nothing else
    comes; without `habits` all are laid out as the form was handed out.
    """
    arrivals: list[Arrival] = []
    plans = choosing.choose(world, seed) if mistakes else {}
    for key in world.returns:
        plan = plans.get(key, choosing.Plan())
        if not plan.missing:
            arrivals += _unit_month(world, seed, key, plan, mistakes, habits)
    for year, targets in world.targets.items():
        sent = [(sent_on(year), targets, f"{year}年目标任务表.xlsx")]
        half_time = dt.date(year, *HALF_TIME)
        if mistakes and half_time <= periods.last_day(world.last_month):
            again = changed_at_half_time(targets)
            sent.append((half_time, again, f"{year}年目标任务表（调整）.xlsx"))
        for day, table, name in sent:
            random = stream(seed, "targets", f"{day}")
            book = Book(table, plain_layout(table.unit_name, table.month, day))
            arrivals.append(_arrival(random, day, name, table, "targets", book))
    if mistakes:
        arrivals += _junk(world, seed)
    return sorted(arrivals, key=lambda each: (each.at, each.file_name))


def write_arrival(arrival: Arrival, folder: Path) -> Path:
    """Writes the file into the folder, with `at` as its time of modification."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / arrival.file_name
    content = arrival.content
    path.write_bytes(content if isinstance(content, bytes) else write_workbook(content))
    os.utime(path, (arrival.at.timestamp(), arrival.at.timestamp()))
    return path


def _unit_month(
    world: World,
    seed: int,
    key: tuple[str, int],
    plan: choosing.Plan,
    mistakes: bool,
    habits: bool,
) -> list[Arrival]:
    truth, month = world.returns[key], key[1]
    sent, planted = plan.spoiled or truth, plan.planted
    random = stream(seed, "arrival", *key)
    late = mistakes and random.random() < LATE
    day = day_after(month, random.randint(6, 13) if late else random.randint(1, 5))
    layout = plain_layout(truth.unit_name, month, day)
    if habits:
        names = world.unit_names[key[0]]
        layout = habitual_layout(random, f"{seed}/{key[0]}/{month}", names, month, day)
    name = file_name(random, truth)
    # Over two files it would depend on their order which of them a ledger's finding holds.
    across = any(each.rule == "X01" for each in planted)
    split = habits and random.random() < SPLIT and not across
    made = []
    for number, part in enumerate(_parts(sent, random) if split else (sent,), 1):
        forms = {sheet.form for sheet in part.sheets}
        full = f"{name}-{number}.xlsx" if split else f"{name}.xlsx"
        its = tuple(each for each in planted if each.form in forms)
        made.append(_arrival(random, day, full, truth, "return", Book(part, layout), its))
    if mistakes and not split and not planted and random.random() < AGAIN:
        later = day + dt.timedelta(days=random.randint(1, 3))
        again = made[0].content
        made.append(_arrival(random, later, f"再报{name}.xlsx", truth, "duplicate", again))
    if any(each.outcome == "corrected" for each in planted):
        made.append(_correction(random, layout, truth, planted, day))
    return made


def _correction(
    random: Random, layout: Layout, truth: Return, planted: tuple[Planted, ...], day: dt.date
) -> Arrival:
    """The spoiled forms put right and sent again, alone or with the whole return."""
    later = day + dt.timedelta(days=random.randint(2, 8))
    forms = {each.form for each in planted}
    content = truth.only(forms) if random.random() < 0.7 else truth
    word = "更正" if all(each.level == "none" for each in planted) else "补正"
    name = f"{truth.unit_name}{periods.month_label(truth.month)}{word}.xlsx"
    return _arrival(random, later, name, truth, "correction", Book(content, layout))


def _arrival(
    random: Random,
    day: dt.date,
    name: str,
    content: Return,
    kind: Kind,
    file: Book | bytes,
    planted: tuple[Planted, ...] = (),
) -> Arrival:
    at = working_hour(random, day)
    return Arrival(day, at, name, content.unit_code, content.month, kind, file, planted)


def _junk(world: World, seed: int) -> list[Arrival]:
    """The files that are no returns, each on some month's fourth day."""
    if not world.returns:
        return []
    random = stream(seed, "junk")
    made = []
    neighbour = world.returns[max(world.returns, key=lambda key: (key[1], key[0]))]
    last_day = day_after(world.last_month, 4)
    for name, content in junk_files(neighbour, last_day).items():
        isolated = isinstance(content, bytes)
        month = random.randint(world.first_month, world.last_month)
        day = day_after(month, 4) if isolated else last_day
        at = working_hour(random, day)
        made.append(Arrival(day, at, name, None, None, "junk", content))
    return made


def _parts(content: Return, random: Random) -> tuple[Return, Return]:
    forms = [sheet.form for sheet in content.sheets]
    cut = random.randint(1, max(len(forms) - 1, 1))
    return content.only(set(forms[:cut])), content.only(set(forms[cut:]))
