"""What was in force when a return is judged: units × figures × months."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from flows.checking.batch import Amounts, Batch, Bools, Ints, Layout


class InForce:
    """The values in force, for the units of a batch and the months around it."""

    def __init__(self, layout: Layout, units: Sequence[str], first: int, last: int) -> None:
        self.layout = layout
        self.units = {code: at for at, code in enumerate(units)}
        self.first = first
        shape = (len(units), len(layout.figures), last - first + 1)
        self.value = Amounts.none(*shape)
        self.year_to_date = Amounts.none(*shape)
        self.counted = Amounts.none(len(units), len(layout.counts), last - first + 1)

    def places(self, batch: Batch, rows: Ints) -> tuple[Ints, Ints]:
        """The unit and month index of each of those returns."""
        units = np.array([self.units[batch.returns[at].unit] for at in rows], np.int64)
        months = np.array([batch.returns[at].month - self.first for at in rows], np.int64)
        return units, months

    def accept(self, batch: Batch, rows: Ints, form: str) -> None:
        """Put the form of those returns in force in place of what was."""
        units, months = self.places(batch, rows)
        if form in self.layout.of_form:
            columns = self.layout.of_form[form]
            pairs = [(self.value, batch.value), (self.year_to_date, batch.year_to_date)]
        else:
            columns = np.array(
                [at for at, (ledger, _) in enumerate(self.layout.counts) if ledger.name == form],
                np.int64,
            )
            pairs = [(self.counted, batch.counted)]
        for here, new in pairs:
            place = units[:, None], columns[None, :], months[:, None]
            here.micro[place] = new.micro[np.ix_(rows, columns)]
            here.known[place] = new.known[np.ix_(rows, columns)]


def recent(known: Bools, months: int) -> Bools:
    """Which of the known values are among the last `months` known ones, by the last axis."""
    after = np.cumsum(known[..., ::-1], axis=-1)[..., ::-1]
    return known & (after <= months)
