"""The figures as a table, and whether they are what is asked for."""

from typing import Any

NIGHT_TO_CALAMINE = 3.0
USUAL_TO_NIGHT = 20.0
PEAK_BYTES = 1.5e9
NOTHING_NEW_SECONDS = 1.0


def goals(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Each goal with its value and whether it is met."""
    night = figures["night_seconds"]
    to_calamine = night / figures["calamine_seconds"]
    to_usual = figures["usual_seconds"] / night
    peak, nothing = figures["night_peak_bytes"], figures["nothing_new_seconds"]
    return [
        _goal(
            "night / calamine alone",
            to_calamine,
            f"≤ {NIGHT_TO_CALAMINE:g}",
            to_calamine <= NIGHT_TO_CALAMINE,
        ),
        _goal(
            "usual script / night", to_usual, f"≥ {USUAL_TO_NIGHT:g}", to_usual >= USUAL_TO_NIGHT
        ),
        _goal("peak memory, GB", peak / 1e9, f"< {PEAK_BYTES / 1e9:g}", peak < PEAK_BYTES),
        _goal(
            "nothing new, s", nothing, f"< {NOTHING_NEW_SECONDS:g}", nothing < NOTHING_NEW_SECONDS
        ),
    ]


def _goal(name: str, value: float, asked: str, met: bool) -> dict[str, Any]:
    return {"name": name, "value": round(value, 3), "asked": asked, "met": met}


def table(result: dict[str, Any]) -> str:
    """What was measured, as Markdown."""
    files, seconds = result["files"], result["all_seconds"]
    machine = result["machine"]
    rows = [
        ("calamine alone, one process", "calamine_seconds", _range(seconds["calamine"])),
        ("reading alone, two worker processes", "reading_seconds", _range(seconds["reading"])),
        ("the night, two worker processes", "night_seconds", _range(seconds["night"])),
        (
            "the usual script",
            "usual_seconds",
            f"scaled from {result['sample']} files in {_range(seconds['usual_sample'])} s",
        ),
        ("a night with nothing new", "nothing_new_seconds", _range(seconds["nothing_new"])),
    ]
    lines = [
        f"{files} workbooks, {result['file_bytes'] / 1e6:.0f} MB; "
        f"{result['forms_accepted']} forms accepted, {result['forms_held']} held; "
        f"{result['rounds']} rounds",
        f"{machine['cores']} cores ({machine['processor']}), {machine['system']}, "
        f"Python {machine['python']}",
        "",
        "| what | seconds (median) | ms a file | least – most |",
        "| --- | ---: | ---: | --- |",
    ]
    for name, key, note in rows:
        took = result[key]
        a_file = "" if key == "nothing_new_seconds" else f"{1000 * took / files:.2f}"
        lines.append(f"| {name} | {took:.2f} | {a_file} | {note} |")
    lines += [
        "",
        f"Processor time of all processes, imports included: calamine alone "
        f"{result['calamine_processor_seconds']:.1f} s, "
        f"the night {result['night_processor_seconds']:.1f} s.",
    ]
    lines += ["", "| goal | measured | asked | met |", "| --- | ---: | ---: | --- |"]
    for each in result["goals"]:
        met = "yes" if each["met"] else "no"
        lines.append(f"| {each['name']} | {each['value']:.2f} | {each['asked']} | {met} |")
    return "\n".join(lines)


def _range(seconds: list[float]) -> str:
    return f"{min(seconds):.2f} – {max(seconds):.2f}"
