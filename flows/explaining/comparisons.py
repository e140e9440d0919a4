"""A comparison: its value and base, each down to the cells, and what is worked out of them.

The rules of `flows/computing/growth.sql`, followed a row at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from flows.computing.declared import QUARTERS_BACK
from flows.explaining.comparability import Altered, altered, redefined
from flows.explaining.levels import Levels
from flows.explaining.measures import together
from flows.explaining.published import Growth, Published
from flows.explaining.rules import Indicator
from flows.explaining.statuses import CHANGES, STATUS_WORDS, rate_of, status_of
from flows.explaining.tree import Node, kept, number
from schemas.declaring import periods

COMPARISONS_ZH = {"yoy": "同比", "qoq": "环比", "ytd_yoy": "累计同比", "two_year": "两年平均"}


class Comparisons:
    """The trees of comparisons, over one open warehouse."""

    def __init__(self, levels: Levels) -> None:
        self.levels = levels
        self.published: Published = levels.published
        self.measures = levels.measures
        self.rules = levels.rules

    def comparison(
        self, indicator: Indicator, quarter: int, unit_code: str, comparison: str
    ) -> Node:
        """The tree of a published comparison, laid beside its row, which must be there."""
        rows = self.published.growth(quarter, indicator.name)
        row = rows[unit_code, comparison]
        cumulative, back = comparison == "ytd_yoy", QUARTERS_BACK[comparison]
        district = unit_code == self.rules.register.district
        measure = self.measures.of_unit(indicator, quarter, unit_code)
        changed = altered(self.rules, indicator, quarter, comparison, unit_code)
        value = self.levels.level(indicator, quarter, unit_code, cumulative)
        base = self._base(indicator, quarter, unit_code, comparison)
        parts = measure.part(cumulative), self.measures.base(indicator, quarter, comparison, unit_code)  # fmt: skip
        sources = self.measures.base_units(indicator, quarter, back, unit_code)
        restated = any(each != unit_code for each in sources)
        status = status_of(
            indicator,
            *parts,
            altered=changed is not None,
            redefined=redefined(self.rules, indicator, quarter, comparison),
            incomplete=district and any(part.lacking for part in parts),
        )
        words = STATUS_WORDS[status]
        if changed is not None and status == "not_comparable":
            words = "; ".join(self._what_altered(changed, unit_code))
        node = self._rate(indicator, comparison, status, value, base)
        value.kind, base.kind = "value", "base"
        value.compare(row.value)
        base.compare(row.base)
        node.children = [value, base]
        if district:
            node.children.append(self._matched(indicator, quarter, comparison, row))
        else:
            node.children += self._shares(indicator, quarter, unit_code, comparison, row)
        name = self.rules.register.name(unit_code)
        node.label = (
            f"{indicator.name_zh or indicator.name} {name} {periods.quarter_label(quarter)} "
            f"{COMPARISONS_ZH[comparison]} ({comparison})"
        )
        node.about |= {
            "indicator": indicator.name,
            "formula": indicator.formula,
            "quarter": periods.quarter_label(quarter),
            "unit_code": unit_code,
            "comparison": comparison,
            "base_quarter": periods.quarter_label(quarter - back),
            "status": status,
            "status_in_words": words,
            "published_status": row.status,
            "restated": restated,
        }
        if changed is not None:
            node.about["splits"] = [
                {"split_on": each.on, "source": each.source, "into": list(each.into)}
                for each in changed.splits
            ]
        if (status, restated) != (row.status, row.restated) or not self._change_agrees(node, row):
            node.adds_up = False
        return node

    def _what_altered(self, what: Altered, unit_code: str) -> Iterator[str]:
        """Each split with its day, and the end, in words."""
        name = self.rules.register.name
        for split in what.splits:
            parts = ", ".join(name(each) for each in split.into)
            yield f"{name(split.source)} was split on {split.on}, parts of it went to {parts}"
        if what.ended is not None:
            yield (
                f"{name(unit_code)} was last there at the end of "
                f"{periods.month_label(what.ended)}: what it has is of fewer months"
            )

    def _base(self, indicator: Indicator, quarter: int, unit_code: str, comparison: str) -> Node:
        cumulative, back = comparison == "ytd_yoy", QUARTERS_BACK[comparison]
        sources = self.measures.base_units(indicator, quarter, back, unit_code)
        before = quarter - back
        if not sources:
            name = self.rules.register.name(unit_code)
            label = f"{indicator.name_zh or indicator.name} {name} {periods.quarter_label(before)}"
            return Node("base", label, unit=indicator.unit, how="nothing is known of that quarter")
        if sources == [unit_code]:
            node = self.levels.level(indicator, before, unit_code, cumulative)
        else:
            node = self.levels.together(indicator, before, unit_code, sources, cumulative)
            names = ", ".join(self.rules.register.name(each) for each in sources)
            node.label += f", restated: made of {names}"
        measured = self.measures.units(indicator, before)
        lacking = [each for each in sources if measured[each].part(cumulative).lacking]
        if lacking and unit_code != self.rules.register.district:
            node.value = None
            names = ", ".join(self.rules.register.name(each) for each in lacking)
            node.how = f"a part of it is missing: {names}"
        return node

    @staticmethod
    def _rate(indicator: Indicator, comparison: str, status: str, value: Node, base: Node) -> Node:
        """The comparison's rate, or its change where there is no rate, from both sides."""
        node = Node("comparison", "")
        change = None
        if status in CHANGES and value.value is not None and base.value is not None:
            change = value.value - base.value
            node.how = f"{number(value.value)} - {number(base.value)} = {number(change)}"
            node.value = rate_of(comparison, status, value.value, base.value)
            node.unit = "%"
            if node.value is not None and comparison == "two_year":
                node.how = f"100 × (√({number(value.value)} ÷ {number(base.value)}) - 1)"
            elif node.value is not None:
                node.how = f"100 × ({number(value.value)} - {number(base.value)}) ÷ {number(base.value)}"  # fmt: skip
        node.about["change"] = kept(change)
        node.about["change_unit"] = "percentage points" if indicator.points else indicator.unit
        return node

    @staticmethod
    def _change_agrees(node: Node, row: Growth) -> bool:
        node.compare(row.rate)
        return bool(node.adds_up) and node.about["change"] == row.change

    def _matched(self, indicator: Indicator, quarter: int, comparison: str, row: Growth) -> Node:
        """The district as the sum of the units that have the value in both and are the same."""
        pairs = self.measures.matched(indicator, quarter, comparison)
        value = together((now for now, _ in pairs.values()), indicator.ratio)
        base = together((then for _, then in pairs.values()), indicator.ratio)
        of_two_kinds = redefined(self.rules, indicator, quarter, comparison)
        status = status_of(indicator, value, base, redefined=of_two_kinds)
        now, then = value.value, base.value
        units = set(self.measures.units(indicator, quarter)) - {self.rules.register.district}
        other = sorted(
            unit for unit in units if altered(self.rules, indicator, quarter, comparison, unit)
        )
        label = f"the {len(pairs)} units present in both periods"
        if other:
            names = ", ".join(self.rules.register.name(each) for each in other)
            label += f", without those split or ended: {names}"
        node = Node("matched", label, unit="%")
        if now is not None and then is not None:
            node.value = rate_of(comparison, status, now, then)
        node.how = f"{number(now)} against {number(then)}"
        node.compare(row.matched_rate)
        node.about = {
            "units": sorted(pairs),
            "left_out": sorted(units - set(pairs)),
            "altered": other,
            "matched_value": kept(now),
            "matched_base": kept(then),
            "status": status,
        }
        given = row.matched_units, row.matched_value, row.matched_base
        if given != (len(pairs), kept(now), kept(then)):
            node.adds_up = False
        return node

    def _shares(
        self, indicator: Indicator, quarter: int, unit_code: str, comparison: str, row: Growth
    ) -> Sequence[Node]:
        """A unit's contribution to the district's change and its pull on the district's rate."""
        moved = self.changes(indicator, quarter, comparison)
        total, own = moved.get(self.rules.register.district), moved.get(unit_code)
        base = self.measures.base(
            indicator, quarter, comparison, self.rules.register.district
        ).value
        rows = self.published.growth(quarter, indicator.name)
        of_district = rows.get((self.rules.register.district, comparison))
        status = None if of_district is None else of_district.status
        contribution, pull = (
            Node("share", "contribution 贡献率", unit="%"),
            Node("share", "pull 拉动"),
        )
        if (
            status == "ok" and not indicator.ratio and comparison != "two_year"
            and own is not None and total is not None and base
        ):  # fmt: skip
            pull.value, pull.unit = 100 * own / base, "percentage points"
            pull.how = f"100 × {number(own)} ÷ {number(base)}"
            against = sum(
                abs(each)
                for unit, each in moved.items()
                if unit != self.rules.register.district and each * total < 0
            )
            if total and against <= abs(total):
                contribution.value = 100 * own / total
                contribution.how = f"100 × {number(own)} ÷ {number(total)}"
            else:
                contribution.how = "the changes against the district's outweigh it"
        contribution.compare(row.contribution)
        pull.compare(row.pull)
        shown = (contribution, pull)
        return [each for each in shown if each.value is not None or each.how or not each.adds_up]

    def changes(self, indicator: Indicator, quarter: int, comparison: str) -> dict[str, Fraction]:
        """By how much each unit that has both and is the same in them moved, and the district."""
        cumulative, found = comparison == "ytd_yoy", {}
        for unit, measure in self.measures.units(indicator, quarter).items():
            if altered(self.rules, indicator, quarter, comparison, unit):
                continue
            now = measure.part(cumulative).value
            then = self.measures.base(indicator, quarter, comparison, unit).value
            if now is not None and then is not None:
                found[unit] = now - then
        return found
