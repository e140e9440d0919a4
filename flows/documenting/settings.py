"""The settings' page, from the fields of `Settings` and the sentences below them."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from dataclasses import MISSING, fields
from typing import Any, get_args, get_type_hints

from flows.documenting.markdown import code, page, table
from flows.settings import Settings

_INTRO = """\
Settings stand in `minzheng.toml` in the home. A variable of the environment with
`MINZHENG_` before the setting's name, in capitals, goes before the file. The home is the
working directory, or the folder that `MINZHENG_HOME` names; every path is below it."""


def settings_page() -> str:
    """The page `settings.md`."""
    said, types = _sentences(), get_type_hints(Settings)
    return page(
        "Settings",
        _INTRO,
        table(
            ("setting", "variable", "type", "default", "what it does"),
            (
                (
                    code(each.name),
                    code(f"MINZHENG_{each.name.upper()}"),
                    _type(types[each.name]),
                    "" if each.default is MISSING else code(json.dumps(each.default)),
                    said.get(each.name, ""),
                )
                for each in fields(Settings)
                if each.name != "home"
            ),
        ),
    )


def _type(hint: Any) -> str:
    """The type's name; of one of a few texts, those."""
    return " or ".join(map(code, get_args(hint))) or str(hint.__name__)


def _sentences() -> dict[str, str]:
    """The string that stands below a field, by the field's name."""
    body = ast.parse(textwrap.dedent(inspect.getsource(Settings))).body[0]
    found: dict[str, str] = {}
    if isinstance(body, ast.ClassDef):
        for field, after in zip(body.body, body.body[1:], strict=False):
            match field, after:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    found[name] = text
    return found
