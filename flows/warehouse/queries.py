"""Queries as they were raised and settled, and what is known of them before a batch."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flows.checking.batch import Batch, Return
from flows.checking.settling import Question, Settled
from flows.warehouse.in_force import Key
from flows.warehouse.store import Store


def load_settled(store: Store, returns: Sequence[Return], without: Collection[Key] = ()) -> Settled:
    """What was said of queries and forms before those returns.

    `without` are forms to be judged again: what was said in them is heard again. What a form
    says that was withdrawn counts for nothing.
    """
    withdrawn = store.rows("SELECT submission, form FROM internal.reading WHERE withdrawn")
    accepted = store.rows("SELECT submission, form, reason FROM internal.accepted")
    settled = Settled(
        frozenset((str(submission), str(form)) for submission, form in withdrawn),
        {(str(submission), str(form)): str(reason) for submission, form, reason in accepted},
    )
    months = {(each.unit, each.month) for each in returns}
    for unit, month, form, rule, figure, cumulative, value, message, reason in store.rows(
        "SELECT r.unit_code, r.month, q.form, q.rule, q.figure, q.cumulative, q.value, q.message, "
        "q.reason FROM internal.query q JOIN internal.reading r "
        "ON r.submission = q.submission AND r.form = q.form AND r.latest AND NOT r.withdrawn "
        "WHERE q.reason IS NOT NULL AND list_contains(?, r.unit_code) ORDER BY r.sequence",
        sorted({unit for unit, _ in months}),
    ):
        key = str(unit), str(form), int(str(month))
        if (key[0], key[2]) in months and key not in without:
            question = Question(
                *(key[0], key[2], key[1], str(rule)),
                None if figure is None else str(figure),
                bool(cumulative),
            )
            settled.note(question, None if value is None else str(value), str(message), str(reason))
    return settled


def write_queries(
    store: Store, batch: Batch, judged: Collection[tuple[int, str]], *, replaced: bool
) -> None:
    """Write the queries of the judged forms, (place in the batch, form) each."""
    if replaced:
        forms = {(batch.returns[at].submission, form) for at, form in judged}
        store.connection.execute(
            "CREATE OR REPLACE TEMP TABLE asked_again (submission VARCHAR, form VARCHAR)"
        )
        store.insert("asked_again", sorted(forms))
        store.connection.execute(
            "DELETE FROM internal.query USING asked_again a "
            "WHERE query.submission = a.submission AND query.form = a.form"
        )
        store.connection.execute("DROP TABLE asked_again")
    store.insert(
        "internal.query",
        [
            (
                batch.returns[each.at].submission,
                each.question.form,
                each.question.rule,
                each.question.figure,
                each.question.cumulative,
                each.value,
                each.message,
                each.reason,
                each.by_analyst,
            )
            for each in batch.queries
            if (each.at, each.question.form) in judged
        ],
    )
