"""A mail server in a process of its own, that takes every mail and writes down which."""

import json
import signal
import socket
import subprocess
import sys
from collections import Counter
from email import message_from_bytes
from pathlib import Path
from typing import Any

ADDRESS = "chengdong@example.cn"


class Mails:
    """The server, and what it took, by the mails' sender: each home sends as another one."""

    def __init__(self, taken: Path) -> None:
        self._taken = taken
        taken.touch()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crashing.mails", str(taken)],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            encoding="ascii",
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def settings(self, sender: str) -> str:
        """A home's settings: one unit gets its letters by mail, the others by the outbox."""
        return (
            f'[sending]\nserver = "smtp://localhost:{self.port}"\nsender = "{sender}"\n'
            f'outbox = "outbox"\n[sending.addresses]\n"城东街道" = "{ADDRESS}"\n'
        )

    def taken_from(self, sender: str) -> Counter[str]:
        """How often each mail of that sender was taken, by its number."""
        lines = self._taken.read_text(encoding="ascii").splitlines()
        return Counter(number for each, number in map(json.loads, lines) if each == sender)

    def end(self) -> None:
        """Stop the server."""
        self._process.terminate()
        self._process.communicate()


class _Taking:
    def __init__(self, taken: Path) -> None:
        self._taken = taken

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        number = str(message_from_bytes(envelope.content)["Message-ID"])
        with self._taken.open("a", encoding="ascii") as file:
            file.write(json.dumps([envelope.mail_from, number]) + "\n")
        return "250 taken"


def _serve(taken: Path) -> None:
    from aiosmtpd.controller import (
        Controller,
    )  # whoever imports this module must stay without threads

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    controller = Controller(_Taking(taken), hostname="127.0.0.1", port=port)
    controller.start()
    print(port, flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
