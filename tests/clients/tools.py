"""Other tools than Python: DuckDB's command line, Node, R. Each asks the file in its own way."""

import csv
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.clients.clients import Client, from_python, kept

Text = str | None
COMMAND_LINE, NODE_API = "1.5.6", "1.5.6-r.1"
_HERE = Path(__file__).parent
_PATIENCE_SECONDS = 120
NEEDED = {
    "test_node.py": ("node", "npm", "apt-get install nodejs npm"),
    "test_r.py": ("Rscript", "apt-get install r-base-core"),
}
"""What a file of tests needs on the machine, and how it comes there."""


def why_absent(name: str) -> str:
    """Why the tests of a file cannot be run here; '' where they can."""
    *programs, how = NEEDED.get(name, ("",))
    missing = [each for each in programs if shutil.which(each) is None]
    return f"{', '.join(missing)} is not installed ({how})" if missing else ""


def run(command: list[str], folder: Path, path: Path | None = None) -> str:
    """What the command prints; `path` comes first among the places of programs."""
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    if path is not None:
        environment["PATH"] = f"{path}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def command_line() -> Path:
    """The folder with the command `duckdb`."""
    return from_python(f"duckdb-cli=={COMMAND_LINE}") / "duckdb_cli"


def asked_on_the_command_line(file: Path, statement: str) -> list[list[Text]]:
    """The rows of a statement, as text."""
    command = [str(command_line() / "duckdb"), "-readonly", "-json", str(file), "-c", statement]
    rows = json.loads(run(command, file.parent) or "[]", parse_float=str, parse_int=str)
    return [[_plain(value) for value in row.values()] for row in rows if row]


def _plain(value: object) -> Text:
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def node_folder() -> Path:
    """The folder with `node_modules`."""
    return kept(
        f"node-api-{NODE_API}",
        lambda part: [
            "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error",
            "--prefix", str(part), f"@duckdb/node-api@{NODE_API}",
        ],
    )  # fmt: skip


@dataclass(frozen=True)
class Node(Client):
    """Node's client; it is started as Python's are, and says the same."""

    def start(self, what: str, file: Path, *rest: object) -> subprocess.Popen[str]:
        assert self.folder is not None
        return subprocess.Popen(
            ["node", str(script(self.folder)), what, str(file), *map(str, rest)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def check(self, said: dict[str, str]) -> None:
        """That it is the pinned version: the library's, without that of the package."""
        assert said["version"].removeprefix("v") == self.version.partition("-")[0]


def node() -> Node:
    """The client, installed where it is not there yet."""
    return Node(NODE_API, node_folder())


def script(folder: Path) -> Path:
    """The reader where Node finds the package: a module is looked for from its user's place."""
    place = folder / "reader.mjs"
    content = (_HERE / "reader.mjs").read_bytes()
    if not place.exists() or place.read_bytes() != content:
        part = place.with_suffix(f".{os.getpid()}")
        part.write_bytes(content)
        part.replace(place)
    return place


def asked_in_node(file: Path, statements: list[str], scratch: Path) -> list[list[list[Text]]]:
    """The rows of each statement, as text."""
    listed = scratch / "statements.json"
    listed.write_text(json.dumps(statements), encoding="utf-8")
    client = node()
    with client.start("answers", file, listed) as process:
        printed, complained = process.communicate(timeout=_PATIENCE_SECONDS)
    assert process.returncode == 0, complained
    version, *found = map(json.loads, printed.splitlines())
    client.check(version)
    return found


def asked_in_r(file: Path, statements: list[str], scratch: Path) -> list[list[list[Text]]]:
    """The rows of each statement, as text, through R and the command line."""
    for number, each in enumerate(statements):
        (scratch / f"{number:03}.sql").write_text(each, encoding="utf-8")
    run(
        ["Rscript", "--vanilla", str(_HERE / "reader.R"), str(file), str(scratch)],
        scratch,
        command_line(),
    )
    found = []
    for number in range(len(statements)):
        with (scratch / f"{number:03}.csv").open(encoding="utf-8", newline="") as table:
            _, *rows = csv.reader(table)
        found.append([[None if value == "\\N" else value for value in row] for row in rows])
    return found
