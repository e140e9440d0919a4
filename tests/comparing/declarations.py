"""Small districts at random: units that merge, split and end; lines that begin, end and change."""

import datetime as dt

from hypothesis import strategies as st

from schemas.declaring import periods
from schemas.declaring.district import Declaration
from schemas.declaring.model import (
    Figure,
    FigureForm,
    Indicator,
    Ledger,
    LedgerColumn,
    LedgerCount,
    Split,
    Unit,
)
from tests.comparing.choosing import ByHypothesis, Choose

DISTRICT = "900"
START = periods.parse_month("2021-01")
"""Forms and units change at some month around and after this one."""
TOWNSHIP_FIGURES = ("stock_a", "stock_b", "flow_a", "flow_b", "cumulative_a", "percent_a")
QUARTER_FIGURES = ("stock_q", "flow_q", "cumulative_q")
BUREAU_FIGURES = ("stock_c", "flow_c")
LEDGER_FIGURES = ("items", "items_closed")
ITEM_STATES = ("open", "closed")
INDICATORS = (
    Indicator("stocks", "", "人", "stock", "stock_a + stock_b", ""),
    Indicator("net", "", "人", "flow", "flow_a - flow_b", ""),
    Indicator("weighed", "", "人", "flow", "-flow_b + 2 * net - 0.25 * flow_a", ""),
    Indicator("cumulated", "", "人", "flow", "cumulative_a + flow_a", ""),
    Indicator("over_quarters", "", "人", "flow", "flow_q + flow_a + cumulative_q", ""),
    Indicator("share", "", "%", "ratio", "100 * stock_a / stocks", ""),
    Indicator("per_person", "", "元/人", "ratio", "10000 * flow_a / stock_b", ""),
    Indicator("per_quarter", "", "元/人", "ratio", "flow_a / stock_q", ""),
    Indicator("nobody_owes_both", "", "元/人", "ratio", "flow_a / flow_c", ""),
    Indicator("so_far", "", "人", "flow", "ytd(net)", "", within_year=True),
    Indicator(
        "done",
        "",
        "%",
        "ratio",
        "100 * ytd(flow_a) / (stock_a + ytd(flow_a))",
        "",
        within_year=True,
    ),
    Indicator("rate_so_far", "", "元/人", "ratio", "(flow_a - flow_b) / ytd(cumulative_a)", ""),
    Indicator("closed", "", "%", "ratio", "100 * items_closed / items", ""),
    Indicator("open_items", "", "项", "stock", "items - items_closed", ""),
    Indicator("on_time", "", "%", "ratio", "100 * forms_on_time / forms_due", ""),
)


def _due_on(month: int) -> dt.date:
    return periods.first_day(month + 1).replace(day=5)


def _unit_names(unit: Unit) -> tuple[str, ...]:
    return (unit.name,)


SPLITS = (
    "split",
    "split off",
    "split, a part to an old one",
    "a part given to an old one",
    "split, then a part renamed",
    "split off, then merged",
    "split off, then the source merged",
    "split off, then ended",
    "split off twice",
    "renamed, then split",
    "a new one split off beside one that ended",
)
OTHERS = (
    "unchanged",
    "renamed",
    "merged into an old one",
    "merged into a new one",
    "renamed twice",
    "merged, then merged again",
    "ended",
    "renamed, then ended",
    "new",
)
"""What may happen to the units."""
Units = tuple[tuple[Unit, ...], tuple[Split, ...]]


def units(choose: Choose, what: str | None = None) -> Units:
    """The district, its office and up to four townships, with one or two changes among them.

    `what` is the kind of change, one of `SPLITS` or `OTHERS`; any of them unless given.
    """
    month = START + choose.number(0, 20)
    later = month + choose.number(1, 8)
    mid_month = choose.one_of((False, True))

    def change(at: int) -> tuple[dt.date, dt.date]:
        """The last day of the old unit and the first of the new."""
        first = periods.first_day(at).replace(day=16 if mid_month else 1)
        return first - dt.timedelta(days=1), first

    ends, begins = change(month)
    ends_later, begins_later = change(later)
    changes = {
        "unchanged": (("902", None, None, None),),
        "renamed": (("902", None, ends, "903"), ("903", begins, None, None)),
        "merged into an old one": (("902", None, ends, "901"),),
        "merged into a new one": (
            ("902", None, ends, "904"),
            ("903", None, ends, "904"),
            ("904", begins, None, None),
        ),
        "renamed twice": (
            ("902", None, ends, "903"),
            ("903", begins, ends_later, "904"),
            ("904", begins_later, None, None),
        ),
        "merged, then merged again": (
            ("902", None, ends, "903"),
            ("903", None, ends_later, "901"),
        ),
        "ended": (("902", None, ends, None),),
        "renamed, then ended": (("902", None, ends, "903"), ("903", begins, ends_later, None)),
        "new": (("902", begins, None, None),),
        "split": (
            ("902", None, ends, None),
            ("903", begins, None, None),
            ("904", begins, None, None),
        ),
        "split off": (("902", None, None, None), ("903", begins, None, None)),
        "split, a part to an old one": (("902", None, ends, None), ("903", begins, None, None)),
        "a part given to an old one": (("902", None, None, None),),
        "split, then a part renamed": (
            ("902", None, ends, None),
            ("903", begins, ends_later, "904"),
            ("904", begins_later, None, None),
        ),
        "split off, then merged": (("902", None, None, None), ("903", begins, ends_later, "901")),
        "split off, then the source merged": (
            ("902", None, ends_later, "901"),
            ("903", begins, None, None),
        ),
        "split off, then ended": (("902", None, None, None), ("903", begins, ends_later, None)),
        "split off twice": (
            ("902", None, None, None),
            ("903", begins, None, None),
            ("904", begins_later, None, None),
        ),
        "renamed, then split": (
            ("902", None, ends, "903"),
            ("903", begins, ends_later, None),
            ("904", begins_later, None, None),
        ),
        "a new one split off beside one that ended": (
            ("902", None, ends, None),
            ("903", begins, None, None),
        ),
    }
    parted = {
        "split": (Split(begins, "902", ("903", "904")),),
        "split off": (Split(begins, "902", ("903",)),),
        "split, a part to an old one": (Split(begins, "902", ("901", "903")),),
        "a part given to an old one": (Split(begins, "902", ("901",)),),
        "split, then a part renamed": (Split(begins, "902", ("901", "903")),),
        "split off, then merged": (Split(begins, "902", ("903",)),),
        "split off, then the source merged": (Split(begins, "902", ("903",)),),
        "split off, then ended": (Split(begins, "902", ("903",)),),
        "split off twice": (
            Split(begins, "902", ("903",)),
            Split(begins_later, "902", ("904",)),
        ),
        "renamed, then split": (Split(begins_later, "903", ("901", "904")),),
        "a new one split off beside one that ended": (Split(begins, "901", ("903",)),),
    }
    chosen = choose.one_of((*SPLITS, *OTHERS)) if what is None else what
    townships = (("901", None, None, None), *changes[chosen])
    return (
        Unit(DISTRICT, "区", "区"),
        Unit("900000", "机关", "机关"),
        *(Unit(code, code, "镇", first, last, after) for code, first, last, after in townships),
    ), parted.get(chosen, ())


def figures(choose: Choose, names: tuple[str, ...], reporter: str) -> tuple[Figure, ...]:
    """Some of the figures; one may begin, end, be redefined or get another line on the way."""
    found = []
    for name in choose.some_of(names):
        changes = ("begins", "ends", "redefined", "replaced", "renumbered")
        what = choose.one_of(("always",) * 5 + changes)
        month = START + choose.number(0, 24) if what != "always" else START

        def figure(
            first: int | None, last: int | None, redefined: tuple[int, ...], name: str = name
        ) -> Figure:
            return Figure(
                name,
                name,
                name,
                "%" if name.startswith("percent") else "人",
                "flow" if name.startswith(("flow", "cumulative")) else "stock",
                "",
                reporter,
                places=2,
                valid_from=first,
                valid_to=last,
                redefined=redefined,
                cumulative_only=name.startswith("cumulative"),
            )

        if what in ("replaced", "renumbered"):
            found.append(figure(None, month - 1, ()))
            found.append(figure(month, None, (month,) if what == "replaced" else ()))
        else:
            first = month if what == "begins" else None
            last = month if what == "ends" else None
            found.append(figure(first, last, (month,) if what == "redefined" else ()))
    return tuple(found)


@st.composite
def declarations(draw: st.DrawFn, what: st.SearchStrategy[str] | None = None) -> Declaration:
    """A declaration that Hypothesis draws piece by piece; `what` draws the change of units."""
    return declaration(ByHypothesis(draw), None if what is None else draw(what))


def declaration(choose: Choose, what: str | None = None) -> Declaration:
    """A monthly form, a quarterly one, a ledger, and the indicators that can be had of them."""
    both = ("township", "bureau")
    first = START - choose.number(0, 6)
    monthly = FigureForm(
        name="monthly",
        number="01",
        form_no="01",
        title_zh="",
        reporters=both,
        due_from=both,
        valid_from=first,
        figures=figures(choose, TOWNSHIP_FIGURES, "township")
        + figures(choose, BUREAU_FIGURES, "bureau"),
    )
    quarterly = FigureForm(
        name="quarterly",
        number="02",
        form_no="02",
        title_zh="",
        reporters=("township",),
        due_from=("township",),
        frequency="quarter",
        valid_from=first,
        valid_to=choose.one_of((None, None, START + 14)),
        figures=figures(choose, QUARTER_FIGURES, "township"),
    )
    ledger = Ledger(
        name="ledger",
        number="03",
        form_no="03",
        title_zh="",
        reporters=("bureau",),
        due_from=("bureau",),
        valid_from=first,
        table="item",
        columns=(LedgerColumn("state", "", "choice", "", required=True, values=ITEM_STATES),),
        counts=(
            LedgerCount("items", ()),
            LedgerCount("items_closed", (("state", (ITEM_STATES[1],)),)),
        ),
    )
    forms = choose.one_of(((monthly,), (monthly, quarterly)))
    names = {each.name for form in forms for each in form.figures}
    names |= {*LEDGER_FIGURES, "forms_due", "forms_on_time"}
    possible = []
    for each in INDICATORS:
        wanted = {word for word in _words(each.formula) if word != "ytd"}
        if wanted <= names:
            possible.append(each)
            names.add(each.name)
    register, splits = units(choose, what)
    return Declaration(
        district=DISTRICT,
        name_zh="区",
        units=register,
        reporters={"township": ("镇",), "bureau": ("机关",)},
        forms=forms,
        ledgers=(ledger,),
        indicators=tuple(possible),
        due_on=_due_on,
        unit_names=_unit_names,
        splits=splits,
    )


def _words(formula: str) -> list[str]:
    spaced = "".join(each if each.isalpha() or each == "_" else " " for each in formula)
    return spaced.split()
