"""Settings: `minzheng.toml` in the home, over it `MINZHENG_…` variables."""

from __future__ import annotations

import datetime as dt
import importlib
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from flows.channel_settings import FOLDER, ChannelSettings, InboxSettings, read_channels
from flows.errors import Misuse
from flows.sending_settings import SendingSettings, read_sending
from flows.setting_values import read_values, settable
from schemas.declaring import periods
from schemas.declaring.district import Declaration

Rounding = Literal["half_up", "gb8170"]


@dataclass(frozen=True, slots=True)
class Settings:
    """One home's settings; every path the program uses is under `home`."""

    home: Path = field(metadata={"settable": False})
    schemas: str = "schemas"
    """The package that declares units, forms, ledgers and indicators."""
    processes: int = 2
    """Worker processes that read files."""
    settle_seconds: float = 1.0
    """How long a file in the inbox must keep its size to be taken."""
    file_seconds: float = 20.0
    """A worker may spend this long on one file."""
    worker_megabytes: int = 768
    """A worker may use this much memory."""
    suppress_below: int = 5
    """Counts of minors and of people with mental disorders from 1 to below this are suppressed in what is shared; 1 suppresses none."""
    rounding: Rounding = "half_up"
    """How the report and `progress` round: half_up (四舍五入), or gb8170 (GB/T 8170-2008, half to even)."""
    report_template: str = ""
    """A .docx to fill in place of the report's own; `minzheng report-template` writes that one to start from. A relative path starts at the home."""
    now: str = ""
    """A fixed clock for demonstrations and tests, ISO 8601; empty for the real one."""
    channels: tuple[ChannelSettings, ...] = field(
        default=(InboxSettings(FOLDER),), metadata={"settable": False}
    )
    """Where files come in by, the inbox first."""
    sending: SendingSettings = field(default_factory=SendingSettings, metadata={"settable": False})
    """What goes out to the units."""

    @property
    def raw(self) -> Path:
        """What came in and what was decided."""
        return self.home / "data" / "raw"

    @property
    def inbox(self) -> Path:
        """Where files are dropped."""
        return self.raw / "inbox"

    @property
    def archive(self) -> Path:
        """Every file ever received."""
        return self.raw / "archive"

    @property
    def returned(self) -> Path:
        """The townships' own workbooks with their findings marked in them."""
        return self.raw / "returned"

    @property
    def releases(self) -> Path:
        """The frozen rows of each release."""
        return self.raw / "releases"

    @property
    def journal(self) -> Path:
        """Runs and decisions, appended to."""
        return self.raw / "decisions.jsonl"

    @property
    def sent(self) -> Path:
        """What was sent, so that nothing is sent twice."""
        return self.raw / "sent.jsonl"

    @property
    def warehouse(self) -> Path:
        """The published file."""
        return self.home / "data" / "warehouse" / "minzheng.duckdb"

    @property
    def reports(self) -> Path:
        """Summaries, reports and what is shared, by month or quarter."""
        return self.home / "data" / "reports"

    @property
    def parquet(self) -> Path:
        """The public tables as Parquet."""
        return self.home / "data" / "warehouse" / "parquet"

    def declaration(self) -> Declaration:
        """The declaration of the schema package that the settings name."""
        try:
            module = importlib.import_module(f"{self.schemas}.declaration")
        except (ModuleNotFoundError, TypeError, ValueError) as error:  # '' and '.x' are no names
            raise Misuse(
                f"The schema package {self.schemas!r} has no module 'declaration' that can be "
                f"imported ({error}); name a package of that shape in the setting 'schemas'."
            ) from error
        declaration = getattr(module, "DECLARATION", None)
        if not isinstance(declaration, Declaration):
            raise Misuse(
                f"{self.schemas}.declaration holds no DECLARATION; "
                "declare one as schemas/declaration.py does."
            )
        return declaration

    def clock(self, declaration: Declaration) -> dt.datetime:
        """The run's clock, in UTC without a zone, to the microsecond."""
        if not self.now:
            return dt.datetime.now(dt.UTC).replace(tzinfo=None)
        try:
            moment = dt.datetime.fromisoformat(self.now)
        except ValueError as error:
            raise Misuse(
                f"MINZHENG_NOW is {self.now!r}, which is no time; write it as 2023-04-05T02:00."
            ) from error
        if moment.year not in periods.YEARS:
            raise Misuse(f"MINZHENG_NOW is {self.now!r}, a year that cannot be meant; correct it.")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(declaration.time_zone))
        return moment.astimezone(dt.UTC).replace(tzinfo=None)


def load_settings() -> Settings:
    """The settings of the home that MINZHENG_HOME names, else of the working directory.

    Misuse that names everything that is wrong in them, each with the form it takes.
    """
    home = Path(os.environ.get("MINZHENG_HOME") or ".").resolve()
    file = home / "minzheng.toml"
    values = _in_file(file)
    tables = {name: values.pop(name, {}) for name in ("channels", "sending")}
    for each in settable(Settings):
        text = os.environ.get(f"MINZHENG_{each.name.upper()}")
        if text is not None:
            values[each.name] = text
    problems: list[str] = []
    typed = read_values(Settings, values, "", problems)
    channels = read_channels(tables["channels"], problems)
    sending = read_sending(tables["sending"], problems)
    if problems:
        raise Misuse(f"{file} or a variable MINZHENG_… is wrong: {'; '.join(problems)}.")
    return Settings(home=home, channels=channels, sending=sending, **typed)


def _in_file(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misuse(f"{file} is not valid TOML ({error}); correct it.") from error
    except OSError as error:
        raise Misuse(f"{file} cannot be read ({error.strerror}); see to its rights.") from error
