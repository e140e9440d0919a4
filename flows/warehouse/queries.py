"""Queries as they were raised and settled, and what is known of them before a batch."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flows.checking.batch import Batch, Return
from flows.checking.settling import Given, Question, Settled
from flows.warehouse.in_force import Key
from flows.warehouse.store import Store
from flows.warehouse.tenures import temporary

_QUERY = "rule, {0}.figure, {0}.cumulative, {0}.value, {0}.message, {0}.reason"
_GIVEN = (
    f"SELECT r.submission, r.unit_code, r.month, q.form, q.{_QUERY.format('q')} "
    "FROM internal.{} q JOIN internal.reading r "
    "ON r.submission = q.submission AND r.form = q.form AND r.latest AND NOT r.withdrawn "
    "WHERE q.reason IS NOT NULL AND list_contains(?, r.unit_code) ORDER BY r.sequence, q.rowid"
)


def load_settled(store: Store, returns: Sequence[Return], without: Collection[Key] = ()) -> Settled:
    """What was said of queries and forms before those returns.

    `without` are forms to be judged again: what was said in them is heard again. What a form
    says that was withdrawn counts for nothing.
    """
    withdrawn = store.rows("SELECT submission, form FROM internal.reading WHERE withdrawn")
    settled = Settled(frozenset((str(submission), str(form)) for submission, form in withdrawn))
    months = {(each.unit, each.month) for each in returns}
    units = sorted({unit for unit, _ in months})
    for row in store.rows(_GIVEN.format("query"), units):
        _, question, given = _read(row)
        key = question.unit, question.form, question.month
        if (question.unit, question.month) in months and key not in without:
            settled.note(question, given)
    for row in store.rows(_GIVEN.format("accepted"), units):
        settled.accept(*_read(row))
    return settled


def _read(row: tuple[object, ...]) -> tuple[str, Question, Given]:
    submission, unit, month, form, rule, figure, cumulative, value, message, reason = row
    question = Question(
        str(unit), int(str(month)), str(form), str(rule),
        None if figure is None else str(figure), bool(cumulative),
    )  # fmt: skip
    said = None if value is None else str(value)
    return str(submission), question, Given(said, str(message), str(reason))


def write_queries(
    store: Store, batch: Batch, judged: Collection[tuple[int, str]], *, replaced: bool
) -> None:
    """Write the queries of the judged forms, (place in the batch, form) each."""
    if replaced:
        forms = {(batch.returns[at].submission, form) for at, form in judged}
        temporary(store, "asked_again", forms, columns=2)
        store.connection.execute(
            "DELETE FROM internal.query USING asked_again a "
            "WHERE query.submission = a.c0 AND query.form = a.c1"
        )
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
            )
            for each in batch.queries
            if (each.at, each.question.form) in judged
        ],
    )


def accept_queries(store: Store, submission: str, form: str, reason: str) -> None:
    """Settle the open queries of a form that the analyst accepts, for their values."""
    place = [submission, form]
    store.connection.execute(
        "INSERT INTO internal.accepted SELECT submission, form, rule, figure, cumulative, value, "
        "message, ? FROM internal.query WHERE submission = ? AND form = ? AND reason IS NULL",
        [reason, *place],
    )
    for table in ("internal.query", "main.finding"):
        column = "reason" if table == "internal.query" else "explanation"
        store.connection.execute(
            f"UPDATE {table} SET {column} = ? WHERE submission = ? AND form = ? "
            f"AND {column} IS NULL" + (" AND level = 'query'" if column == "explanation" else ""),
            [reason, *place],
        )
