"""The files that make a service of `minzheng serve`, on systemd and on Windows."""

import configparser
import re
import tomllib
from pathlib import Path, PureWindowsPath

from lxml import etree

from flows.cli import program

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "docs/service/minzheng.service"
TASK = ROOT / "docs/service/minzheng-task.xml"
PROGRAM = "/opt/minzheng/.venv/bin/minzheng"
_TASKS = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
# What Task Scheduler's schema lets stand in what the task has, in its order; {…} in any order.
_SCHEMA: dict[str, list[str] | set[str]] = {
    "Task": {"RegistrationInfo", "Triggers", "Settings", "Data", "Principals", "Actions"},
    "RegistrationInfo": {"URI", "Date", "Author", "Version", "Description", "Source"},
    "Triggers": {"BootTrigger"},
    "BootTrigger": [
        *("Repetition", "StartBoundary", "EndBoundary", "ExecutionTimeLimit", "Enabled", "Delay"),
    ],
    "Repetition": ["Interval", "Duration", "StopAtDurationEnd"],
    "Principals": {"Principal"},
    "Principal": {"UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"},
    "Settings": {
        *("AllowStartOnDemand", "RestartOnFailure", "MultipleInstancesPolicy", "Enabled", "Hidden"),
        *("DisallowStartIfOnBatteries", "StopIfGoingOnBatteries", "AllowHardTerminate", "Priority"),
        *("StartWhenAvailable", "RunOnlyIfNetworkAvailable", "ExecutionTimeLimit", "WakeToRun"),
    },
    "RestartOnFailure": {"Interval", "Count"},
    "Actions": {"Exec"},
    "Exec": {"Command", "Arguments", "WorkingDirectory"},
}


def _unit() -> configparser.ConfigParser:
    found = configparser.ConfigParser(interpolation=None, strict=False)
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read(UNIT, encoding="utf-8")
    return found


def _is_command(path: str, arguments: str) -> None:
    """Both name a console script of this package and a command of it."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert PureWindowsPath(path).stem in scripts["scripts"]
    assert arguments in program.commands


def test_the_unit_runs_a_command_that_exists_and_again_after_a_failure() -> None:
    service = _unit()["Service"]
    assert service["ExecStart"].startswith(f"{PROGRAM} ")
    _is_command(*service["ExecStart"].split(" "))
    assert service["Restart"] == "on-failure"
    assert service["KillMode"] == "mixed"  # a server that goes first takes down nothing any more
    assert _unit()["Install"]["WantedBy"] == "multi-user.target"


def test_the_unit_can_write_in_the_home_alone() -> None:
    service = _unit()["Service"]
    hardened = {
        "User": "minzheng",
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ReadWritePaths": "/srv/minzheng",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "CapabilityBoundingSet": "",
        "UMask": "0027",
        "EnvironmentFile": "-/etc/minzheng/secrets.env",
    }
    assert {name: service[name] for name in hardened} == hardened
    assert "MINZHENG_HOME=/srv/minzheng\n" in UNIT.read_text(encoding="utf-8")


def test_the_task_is_one_of_task_scheduler() -> None:
    root = etree.parse(TASK).getroot()
    assert root.tag == f"{_TASKS}Task"
    for each in root.iter(f"{_TASKS}*"):
        name = each.tag.removeprefix(_TASKS)
        parts = [part.tag.removeprefix(_TASKS) for part in each.iterchildren(f"{_TASKS}*")]
        allowed = _SCHEMA.get(name, [])
        assert set(parts) <= set(allowed), name
        assert len(set(parts)) == len(parts), name
        if isinstance(allowed, list):
            assert parts == [part for part in allowed if part in parts], name
        if name in ("Interval", "Delay", "ExecutionTimeLimit"):
            assert re.fullmatch(r"PT[0-9]+[SMH]", each.text), name


def test_the_task_starts_with_the_machine_and_again_after_a_failure() -> None:
    root = etree.parse(TASK).getroot()

    def text(path: str) -> str:
        return str(root.findtext("/".join(f"{_TASKS}{part}" for part in path.split("/"))))

    _is_command(text("Actions/Exec/Command"), text("Actions/Exec/Arguments"))
    assert text("Triggers/BootTrigger/Enabled") == "true"
    assert text("Triggers/BootTrigger/Repetition/Interval") == "PT10M"
    assert text("Settings/RestartOnFailure/Interval") == "PT1M"
    assert int(text("Settings/RestartOnFailure/Count")) >= 1
    assert text("Settings/MultipleInstancesPolicy") == "IgnoreNew"
    assert text("Settings/ExecutionTimeLimit") == "PT0S"  # never ended for its age
    assert text("Principals/Principal/RunLevel") == "LeastPrivilege"
    used = root.find(f"{_TASKS}Actions").get("Context")
    assert root.find(f"{_TASKS}Principals/{_TASKS}Principal").get("id") == used


def test_how_to_install_them_names_their_paths() -> None:
    page = (ROOT / "docs/service.md").read_text(encoding="utf-8")
    for path in ("/etc/minzheng/secrets.env", "/srv/minzheng", "/opt/minzheng", "(service/"):
        assert path in page
    home = etree.parse(TASK).getroot().findtext(f".//{_TASKS}WorkingDirectory")
    assert str(home) in page
