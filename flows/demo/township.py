"""A township's true figures, month by month."""

from decimal import Decimal

from flows.demo.chance import Flow, Walk, stream, tenths
from flows.demo.facilities import MOST, Facilities
from flows.demo.levels import CARE, FLOWS, GROWING, SCHEMES, SIZES, SMALL_FLOWS, STOCKS, villages
from flows.demo.returns import Row
from flows.demo.tombs import Tombs
from schemas.declaring.model import Unit


class Township:
    """One township; `next(month)` for one month after the other."""

    def __init__(self, unit: Unit, seed: int, month: int) -> None:
        key = f"{seed}/{unit.code}"
        random = self._random = stream(key, "people")
        smallest, largest, urban_share = SIZES.get(unit.kind, SIZES["镇"])
        self.size = random.uniform(smallest, largest)
        places = villages(key, 6 + round(4 * self.size))
        self._facilities = Facilities(key, MOST, places)
        self._facilities.begin(month)
        self._tombs = Tombs(key, unit.code[-3:], places)
        self._tombs.begin(month)
        self._flows = {
            name: Flow(max(level * self.size, 12), stream(key, name))
            for name, level in FLOWS.items()
        } | {
            name: Flow(max(level * self.size, 2), stream(key, name), noise=0.3)
            for name, level in SMALL_FLOWS.items()
        }
        self._stocks = {
            name: Walk(max(level * self.size, 2), 1 + level // 120, stream(key, name))
            for name, level in STOCKS.items()
        } | {
            name: Walk(level * self.size, 1, stream(key, name), upwards=True)
            for name, level in GROWING.items()
        }
        people = round(1250 * self.size)
        self._urban = max(round(people * urban_share), 24)
        self._rural = people - self._urban
        self._people = people
        self._overlap = random.uniform(0.84, 0.92)
        self._helped = random.uniform(0.86, 0.92)
        self._standard = 1.0
        self._villages = len(places)
        self._charters_due = self._villages - random.randint(0, 2)
        self._charters = random.randint(0, 2)
        self._in_rehab = 0
        self._care: list[int] = []

    def next(self, month: int) -> tuple[dict[str, Decimal], dict[str, list[Row]]]:
        """The month's true figures (those that no ledger gives) and the ledgers' rows."""
        if month % 12 == 6:
            self._standard *= 1.03  # the standards of support are raised in July
        self._facilities.next(month)
        counts = {name: round(flow.next(month)) for name, flow in self._flows.items()}
        care = [counts[name] for name in CARE]
        if care == self._care:
            counts[CARE[0]] += 1  # by chance a small township's form would look copied
            care[0] += 1
        self._care = care
        counts |= {name: stock.next() for name, stock in self._stocks.items()}
        counts |= self._dibao()
        counts["living_tombs_found"] = self._tombs.next(month)
        rows = {"facilities": self._facilities.rows(), "living_tombs": self._tombs.rows()}
        counts |= self._rehabilitation(rows["facilities"], counts["patients_surveyed"])
        schemes = [counts[name] for name in SCHEMES]
        counts["assisted_people"] = max(*schemes, round(sum(schemes) * self._overlap))
        self._helped = min(self._helped + self._random.uniform(-0.001, 0.004), 0.99)
        monitored = counts["monitored_low_income_people"]
        counts["monitored_people_helped"] = round(monitored * self._helped)
        if self._charters < self._charters_due and self._random.random() < 0.4:
            self._charters += 1
        counts |= {
            "villages": self._villages,
            "charters_due": self._charters_due,
            "charters_revised": self._charters,
        }
        return {name: Decimal(count) for name, count in counts.items()} | self._money(counts), rows

    def _dibao(self) -> dict[str, int]:
        random = self._random
        over = (self._urban + self._rural - self._people) / 12
        usual = 0.006 * self._people
        additions = max(round(usual * random.uniform(0.5, 1.5) - over / 2), 0)
        exits = max(round(usual * random.uniform(0.5, 1.5) + over / 2), 0)
        share = self._urban / (self._urban + self._rural)
        urban_in, urban_out = (
            sum(random.random() < share for _ in range(each)) for each in (additions, exits)
        )
        self._urban += urban_in - urban_out
        self._rural += (additions - urban_in) - (exits - urban_out)
        return {
            "urban_dibao_recipients": self._urban,
            "rural_dibao_recipients": self._rural,
            "urban_dibao_households": round(self._urban / 1.6),
            "rural_dibao_households": round(self._rural / 1.8),
            "dibao_additions": additions,
            "dibao_exits": exits,
        }

    def _rehabilitation(self, facilities: list[Row], surveyed: int) -> dict[str, int]:
        running = sum(
            row["kind"] == "精神障碍康复站" and row["status"] in ("试运行", "运行")
            for row in facilities
        )
        aim = min(9 * running, surveyed // 2)
        self._in_rehab += min(max(aim - self._in_rehab, -1), 2)
        sessions = self._random.randint(1, 3) + self._random.randint(1, 2) * running
        return {"patients_in_rehab": self._in_rehab, "rehab_sessions": sessions}

    def _money(self, counts: dict[str, int]) -> dict[str, Decimal]:
        random = self._random

        def paid(people: int, each: float) -> Decimal:
            return tenths(max(people * each * self._standard * random.uniform(0.98, 1.02), 0.3))

        destitute = counts["urban_destitute_recipients"] + counts["rural_destitute_recipients"]
        children = counts["orphans"] + counts["de_facto_unsupported_children"]
        disabled = sum(
            counts[f"disabled_{each}_allowance_recipients"] for each in ("living", "nursing")
        )
        funds = {
            "urban_dibao_funds": paid(counts["urban_dibao_recipients"], 0.060),
            "rural_dibao_funds": paid(counts["rural_dibao_recipients"], 0.045),
            "destitute_support_funds": paid(destitute, 0.09),
            "temporary_aid_funds": paid(counts["temporary_aid_cases"], 0.17),
            "child_support_funds": paid(children, 0.14),
            "disabled_allowance_funds": paid(disabled, 0.008),
            "other_relief_funds": tenths(random.uniform(0.5, 0.8)),
        }
        return {**funds, "relief_funds": sum(funds.values(), Decimal("0.0"))}
