"""Small districts at random: units that merge and end, lines that begin, end and change."""

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


def units(choose: Choose) -> tuple[Unit, ...]:
    """The district, its office and up to five townships, with one or two changes among them."""
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
    }
    chosen = changes[choose.one_of(sorted(changes))]
    townships = (("901", None, None, None), *chosen)
    return (
        Unit(DISTRICT, "区", "区"),
        Unit("900000", "机关", "机关"),
        *(Unit(code, code, "镇", first, last, after) for code, first, last, after in townships),
    )


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
def declarations(draw: st.DrawFn) -> Declaration:
    """A declaration that Hypothesis draws piece by piece."""
    return declaration(ByHypothesis(draw))


def declaration(choose: Choose) -> Declaration:
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
    return Declaration(
        district=DISTRICT,
        name_zh="区",
        units=units(choose),
        reporters={"township": ("镇",), "bureau": ("机关",)},
        forms=forms,
        ledgers=(ledger,),
        indicators=tuple(possible),
        due_on=_due_on,
        unit_names=_unit_names,
    )


def _words(formula: str) -> list[str]:
    spaced = "".join(each if each.isalpha() or each == "_" else " " for each in formula)
    return spaced.split()
