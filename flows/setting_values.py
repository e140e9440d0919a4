"""Values of settings as they are meant: each type's form, and what to say of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

LEFT_OUT = object()
"""The value of a setting that could not be read: a problem has been noted."""

Names = Mapping[str, tuple[str, ...]]
"""Texts to lists of names, as addresses to units."""
Options = Mapping[str, str | int | float | bool]
"""What a library takes by name."""


def read_values(
    declared: type, table: Mapping[str, object], where: str, problems: list[str]
) -> dict[str, Any]:
    """The values of a dataclass's fields as a table sets them; what is left out is not there.

    `where` is put before a setting's name ('' or 'channels.mail.'). Every wrong one adds a
    sentence to `problems`, that names it and the form it takes.
    """
    types = get_type_hints(declared)
    known = {each.name: each for each in settable(declared)}
    problems += [
        f"{where}{name} is no setting; known: {', '.join(known)}"
        for name in table
        if name not in known
    ]
    found = {}
    for name, each in known.items():
        if name in table:
            value = typed(types[name], table[name], f"{where}{name}", problems)
            if value is not LEFT_OUT:
                found[name] = value
        elif each.default is MISSING and each.default_factory is MISSING:
            problems.append(f"{where}{name} is missing; give {form_of(types[name])}")
    return found


def settable(declared: type) -> Iterable[Field[Any]]:
    """The fields that a settings file may set."""
    return (each for each in fields(declared) if each.metadata.get("settable", True))


def typed(kind: Any, value: object, name: str, problems: list[str]) -> Any:
    """The value as its type; LEFT_OUT, with a sentence, where it has another form."""
    try:
        return _READ.get(kind, _text)(value) if get_origin(kind) is None else _of(kind, value)
    except ValueError:
        problems.append(f"{name} is {value!r}; give {form_of(kind)}")
        return LEFT_OUT


def form_of(kind: Any) -> str:
    """What a setting of that type takes, to stand after 'give'."""
    if get_origin(kind) is Literal:
        return " or ".join(map(str, get_args(kind)))
    return _FORMS[kind]


def _of(kind: Any, value: object) -> Any:
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise ValueError
        return value
    return _READ[kind](value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _whole(value: object) -> int:
    number = int(str(value))
    if isinstance(value, bool) or number < 1:
        raise ValueError
    return number


def _number(value: object) -> float:
    number = float(str(value))
    if isinstance(value, bool) or not 0 <= number < float("inf"):
        raise ValueError
    return number


def _yes_or_no(value: object) -> bool:
    if value in (True, "true"):
        return True
    if value in (False, "false"):
        return False
    raise ValueError


def _names(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        raise ValueError
    return {_text(key): _listed(each) for key, each in value.items()}


def _listed(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not value:
        raise ValueError
    return tuple(map(_text, value))


def _options(value: object) -> dict[str, str | int | float | bool]:
    if not isinstance(value, Mapping):
        raise ValueError
    found = {}
    for key, each in value.items():
        if not isinstance(each, str | int | float | bool):
            raise ValueError
        found[_text(key)] = each
    return found


_READ = {
    str: _text,
    int: _whole,
    float: _number,
    bool: _yes_or_no,
    Names: _names,
    Options: _options,
}
_FORMS = {
    str: "a text",
    int: "a whole number from 1 on",
    float: "a number from 0 on",
    bool: "true or false",
    Names: 'a table of names or lists of names, as "x@y.cn" = "濯水镇"',
    Options: "a table of texts, numbers, true and false",
}
