"""Work on another thread that is waited for no longer than it may take."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

_Found = TypeVar("_Found")


class Bounded:
    """A thread that does one piece of work after the other, each within a time.

    A server that goes on sending a little for ever costs its channel, not the night: the
    thread is left behind, and ends with the process.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._work: queue.SimpleQueue[tuple[Callable[[], Any], queue.SimpleQueue[Any]] | None]
        self._work = queue.SimpleQueue()
        self._lost = False
        threading.Thread(target=self._run, daemon=True).start()

    def call(self, work: Callable[[], _Found], seconds: float | None = None) -> _Found:
        """What the work returns or raises; TimeoutError where it takes longer."""
        if self._lost:
            raise TimeoutError("it gave no answer before")
        answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._work.put((work, answers))
        limit = self.seconds if seconds is None else seconds
        try:
            done, found = answers.get(timeout=limit)
        except queue.Empty as error:
            self._lost = True
            raise TimeoutError(f"no answer within {limit:.0f} seconds") from error
        if not done:
            raise found
        return found  # type: ignore[no-any-return]  # of the work's own type

    def close(self) -> None:
        """Let the thread end when it has nothing left to do."""
        self._work.put(None)

    def _run(self) -> None:
        while (asked := self._work.get()) is not None:
            work, answers = asked
            try:
                answers.put((True, work()))
            except BaseException as error:  # it is raised where it is waited for
                answers.put((False, error))
