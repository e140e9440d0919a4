"""All charts of a quarter as files."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib import rc_context

from flows.quarterly_report.charts.completion import targets
from flows.quarterly_report.charts.growth import growth
from flows.quarterly_report.charts.letters import load
from flows.quarterly_report.charts.pulls import pulls
from flows.quarterly_report.charts.reporting import reporting
from flows.quarterly_report.charts.sheet import Sheet, looks
from flows.quarterly_report.charts.trends import trend
from flows.quarterly_report.contents import Contents


def charts(contents: Contents) -> dict[str, bytes]:
    """The charts by file name, each as .svg and .png, the same bytes for the same contents.

    `trend_<programme>`, `targets`, `growth`, `pulls` and `reporting`; what has nothing to show
    is not there. Texts of SVG are outlines, its `<title>` says what it shows. Only what
    `contents` holds is drawn, so nothing of what is suppressed.
    """
    found: dict[str, bytes] = {}
    with rc_context(looks(load())):
        for name, sheet in sheets(contents):
            found |= {f"{name}.{ending}": file for ending, file in sheet.saved().items()}
    return found


def sheets(contents: Contents) -> Iterator[tuple[str, Sheet]]:
    """The charts by name, not yet drawn; matplotlib's settings must be those of `looks`."""
    for programme, _ in contents.programmes:
        if (sheet := trend(contents, programme)) is not None:
            yield f"trend_{programme.name}", sheet
    for make in (targets, growth, pulls, reporting):
        if (sheet := make(contents)) is not None:
            yield make.__name__, sheet
