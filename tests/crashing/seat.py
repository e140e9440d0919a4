"""One seat: a home in its folder, hurt and made up for, with a reader beside it."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.crashing import comparing, disks, effects, running
from tests.crashing.commands import NIGHTLY, Command
from tests.crashing.comparing import Facts
from tests.crashing.damage import DAMAGE, READ_ONLY, unlock
from tests.crashing.effects import Plan
from tests.crashing.home import NEXT_NIGHT, NIGHT, arrive_next, seat
from tests.crashing.hurting import Case
from tests.crashing.mails import Mails
from tests.crashing.naming import name
from tests.crashing.reader import Reader
from tests.crashing.running import Ended, Hurt, run

_GOES_ON = 5
"""One home in so many goes on to the night after."""
_SENT = ("returned ", "form_step ")
"""Copies that may lack what could not be written, until the next night has written it."""
_MAY_NOT = "which may not have gone"
"""What is said of a mail that was on its way when a run was killed."""
_TROUBLE = (4, 5)
"""Exit codes that expected trouble may end with."""


@dataclass
class Judged:
    """What came of a case."""

    wrong: list[str] = field(default_factory=list)
    hurt: bool = True
    """Whether the run was there to be hurt: it may have ended before."""
    step: str = ""
    """The step at which it was hurt."""
    code: int = 0
    said: str = ""
    reads: int = 0
    opened: int = 0
    reader_errors: int = 0
    strange_states: int = 0
    mails: int = 0
    uncertain: int = 0
    """Mails of which nobody knows whether they went, and which were said."""


@dataclass
class Unhurt:
    """What a home comes to that was never hurt: after the night, and after the next one."""

    first: Facts
    second: Facts
    states: list[str]
    copies: set[str]
    steps: list[tuple[int, str, str]]
    """Number, operation and name of each effect of the command."""
    mails: set[str]
    """The numbers of the mails that were sent."""


class Seat:
    """A folder for a home, and what homes that are not hurt come to."""

    def __init__(
        self, base: Path, folder: Path, mails: Mails, unhurt: dict[str, Unhurt] | None = None
    ) -> None:
        self.base, self.folder, self.mails = base, folder, mails
        folder.mkdir()
        self.reader = Reader()
        self.unhurt = unhurt or {}

    def end(self) -> None:
        self.reader.end()
        running.end_all()

    def go_through(self, command: Command) -> None:
        """Run the command and the nights after it unhurt, and keep what that comes to."""
        home = self.folder / "home"
        sender = f"{command.name}@example.cn"
        place = seat(self.base, home, self.mails.settings(sender))
        looked = [self.reader.look(home)]
        log = self.folder / f"{command.name}.log"

        def go(now: str, arguments: list[str], hurt: Hurt | None = None) -> Facts:
            ended = run(home, now, arguments, hurt)
            assert ended.code == 0, (command.name, ended)
            looked.append(self.reader.look(home))
            return comparing.facts(home)

        first = go(command.now, command.arguments(home), Hurt(plan=Plan(str(log))))
        if command is not NIGHTLY:
            first = go(NIGHT, NIGHTLY.arguments(home))
        arrive_next(place)
        second = go(NEXT_NIGHT, NIGHTLY.arguments(home))
        copies = {copy for each in looked for copy in each["copies"]}
        steps = [
            (number, operation, name(home, operation, where, said))
            for number, _, operation, where, said in effects.effects(log)
        ]
        states = [each["state"] for each in looked]
        mails = self.mails.taken_from(sender)
        assert set(mails.values()) == {1}, mails
        self.unhurt[command.name] = Unhurt(first, second, states, copies, steps, set(mails))
        running.end_all()

    def judge(self, number: int, cases: list[Case]) -> list[Judged]:
        """Hurt a home, let it be made up for, and compare it with one that was never hurt.

        What is wrong in the end is said of the last of the cases.
        """
        case = cases[0]
        unhurt = self.unhurt[case.command.name]
        home = self.folder / "home"
        if case.room is not None:
            home = disks.mount(self.folder / "disk")
        sender = f"home-{number}@example.cn"
        place = seat(self.base, home, self.mails.settings(sender))
        if case.room is not None:
            disks.leave_room(home.parent, case.room)
        if case.prepare:
            ({**READ_ONLY, **DAMAGE}[case.prepare])(home)
        self.reader.tell(str(home))
        every = [Judged() for _ in cases]
        judged = every[-1]
        try:
            arguments = case.command.arguments(home)
            for each, own in zip(cases, every, strict=True):
                words = arguments if each is case else NIGHTLY.arguments(home)
                self._see_end(self._hurt(home, each, words, own), each, own)
                if each.command is not NIGHTLY and len(cases) > 1:
                    self._see_recorded(home, case, arguments, judged)
            if case.room is not None:
                disks.leave_room(home.parent)
            unlock(home)
            self._see_recorded(home, case, arguments, judged)
            self._whole(home, NIGHT, NIGHTLY.arguments(home), judged)
            judged.wrong += comparing.facts(home).differences(unhurt.first)
            if number % _GOES_ON == 0:
                arrive_next(place)
                self._whole(home, NEXT_NIGHT, NIGHTLY.arguments(home), judged)
                judged.wrong += comparing.facts(home).differences(unhurt.second)
            self._see_mails(home, sender, unhurt, judged, whole=number % _GOES_ON == 0)
        except Exception as error:  # whatever goes wrong is what is to be reported
            judged.wrong.append(f"{type(error).__name__}: {error}")
        self.reader.tell("stop")
        self._hear(unhurt, judged)
        running.end_all()
        if case.room is not None:
            disks.unmount(home.parent)
        return every

    def _hurt(self, home: Path, case: Case, arguments: list[str], judged: Judged) -> Ended:
        log = self.folder / "log"
        for each in (log, log.with_name("log.count")):
            each.unlink(missing_ok=True)
        hurt = case.hurt
        if hurt.plan is not None:
            hurt = replace(hurt, plan=replace(hurt.plan, log=str(log)))
        ended = run(home, case.command.now, arguments, hurt, self.folder)
        if hurt.plan is not None:
            judged.hurt = effects.was_hurt(log)
            judged.step = next(
                (
                    name(home, operation, where, said)
                    for number, _, operation, where, said in effects.effects(log)
                    if number == hurt.plan.at
                ),
                "",
            )
        elif hurt.kill_after is not None:
            judged.hurt = ended.code < 0
        return ended

    def _see_end(self, ended: Ended, case: Case, judged: Judged) -> None:
        judged.code = ended.code
        lines = ended.err.strip().splitlines()
        judged.said = lines[-1] if lines else ""
        killed = case.hurt.plan is not None and case.hurt.plan.how == "kill"
        if ended.code == -9 and (killed or case.hurt.kill_after is not None):
            return
        if ended.code not in (0, *_TROUBLE):
            judged.wrong.append(f"ended with {ended.code}: {ended.err[-600:]}")
        elif len(lines) != (ended.code != 0):
            judged.wrong.append(f"said with {ended.code}: {ended.err[-600:]}")

    def _see_recorded(self, home: Path, case: Case, arguments: list[str], judged: Judged) -> None:
        """Give the command again where the journal does not have it, as whoever gave it would."""
        if case.command is not NIGHTLY and not case.command.recorded(home):
            self._whole(home, case.command.now, arguments, judged)

    def _whole(self, home: Path, now: str, arguments: list[str], judged: Judged) -> None:
        ended = run(home, now, arguments)
        uncertain = ended.code == 4 and _MAY_NOT in ended.err
        if ended.code and not uncertain:
            judged.wrong.append(f"{arguments[0]} then ended with {ended.code}: {ended.err[-600:]}")

    def _see_mails(
        self, home: Path, sender: str, unhurt: Unhurt, judged: Judged, *, whole: bool
    ) -> None:
        """No mail was taken twice, none is strange, and one that is lacking was said to be."""
        taken = self.mails.taken_from(sender)
        judged.mails = sum(taken.values())
        judged.wrong += [f"sent twice: {each}" for each, times in taken.items() if times > 1]
        judged.wrong += [f"a strange mail: {each}" for each in set(taken) - unhurt.mails]
        log = home / "data/raw/sent.jsonl"
        said = log.read_text(encoding="utf-8").count('"uncertain"') if log.exists() else 0
        judged.uncertain = said
        if whole and len(unhurt.mails - set(taken)) > said:
            judged.wrong.append(
                f"mails that did not go, and were not said: {unhurt.mails - set(taken)}"
            )

    def _hear(self, unhurt: Unhurt, judged: Judged) -> None:
        heard = self.reader.hear()
        assert self.reader.hear() == {}
        judged.reads, judged.opened = heard["reads"], heard["opened"]
        judged.reader_errors = len(heard["errors"])
        judged.wrong += [f"a reader: {each}" for each in heard["errors"][:3]]
        known = [each in unhurt.states for each in heard["states"]]
        copies = {each for each in heard["copies"] if not each.startswith(_SENT)}
        strange = known.count(False) + len(copies - unhurt.copies)
        order = [unhurt.states.index(each) for each in heard["states"] if each in unhurt.states]
        judged.strange_states = strange + (order != sorted(order))
        if judged.strange_states:
            judged.wrong.append(f"a reader saw {strange} strange states; order {order}")
