"""What is shared of a warehouse: the numbers that are shown, and those that are not."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.errors import Misuse, NotThere
from flows.sharing.files import write_share
from flows.sharing.settled import see_settled
from flows.sharing.shareable import shareable
from flows.sharing.tables import NOT_SHARED
from flows.warehouse.tables import public_tables
from schemas.declaration import DECLARATION
from schemas.declaring.district import Declaration
from schemas.declaring.periods import parse_quarter
from tests.sharing.worlds import DISTRICT, Warehouses, district, released, simple

ABCD = simple("A", "B", "C", "D")
AB, ABD = simple("A", "B"), simple("A", "B", "D")


class Shared:
    """A share's tables, asked by SQL; decimals as plain numbers."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        rows = self.connection.execute(sql).fetchall()
        return [
            tuple(int(each) if isinstance(each, Decimal) and not each % 1 else each for each in row)
            for row in rows
        ]

    def quarter(self, indicator: str, label: str = "2020Q1") -> list[tuple[Any, ...]]:
        """The rows with a number, shown or not."""
        return self.rows(
            "SELECT unit_code, value, suppressed FROM quarterly_indicator "
            f"WHERE indicator = '{indicator}' AND quarter = '{label}' "
            "AND (value IS NOT NULL OR suppressed) ORDER BY unit_code"
        )


Share = Callable[..., Shared]
SECOND = "2020-01..2020-03", "2020-04..2020-06"


@pytest.fixture
def share_of() -> Iterator[Share]:
    with ExitStack() as stack:

        def share(
            path: Path, declaration: Declaration, quarter: str = "2020Q1", below: int = 5
        ) -> Shared:
            made = shareable(path, declaration, parse_quarter(quarter), below)
            return Shared(stack.enter_context(made).connection)

        yield share


def patients(**values: int) -> str:
    return "\n".join(f"2020-01..2020-03 {unit} patients {n}" for unit, n in values.items())


def test_a_total_less_the_rest_gives_nobody_away(warehouses: Warehouses, share_of: Share) -> None:
    # 62 - 20 - 30 - 9 = 3: a second unit is withheld, and A may be anything from 0 to 12.
    path = warehouses.of(ABCD, patients(A=3, B=20, C=30, D=9))
    assert share_of(path, ABCD, "2020Q1").quarter("patients") == [
        (DISTRICT, 62, False),
        ("A", None, True),
        ("B", 20, False),
        ("C", 30, False),
        ("D", None, True),
    ]


def test_nobody_is_nothing_to_hide_and_the_threshold_is_a_setting(
    warehouses: Warehouses, share_of: Share
) -> None:
    path = warehouses.of(ABCD, patients(A=0, B=20, C=30, D=5))
    for below, hidden in ((5, 0), (6, 2), (1, 0)):
        rows = share_of(path, ABCD, "2020Q1", below).quarter("patients")
        assert sum(suppressed for *_, suppressed in rows) == hidden


def test_a_small_month_withholds_the_series_with_every_number_and_says_so(
    warehouses: Warehouses,
    share_of: Share,
) -> None:
    # Only January is small; the quarter's 3 + 40 + 40 = 83 less the other months would tell.
    path = warehouses.of(
        AB,
        """
        2020-01 A minors 3 3
        2020-02 A minors 40 43
        2020-03 A minors 40 83
        2020-01 B minors 20 20
        2020-02 B minors 20 40
        2020-03 B minors 20 60
        2020-01..2020-03 A sessions 2
        """,
    )
    share = share_of(path, AB, "2020Q1")
    assert share.rows(
        "SELECT month(month), figure, value, year_to_date, mark FROM monthly_figure "
        "WHERE unit_code = 'A' ORDER BY figure, month"
    ) == [
        *((month, "minors", None, None, "suppressed") for month in (1, 2, 3)),
        *((month, "sessions", 2, None, "reported") for month in (1, 2, 3)),
    ]
    assert share.rows(
        "SELECT month(month), unit_name, minors, sessions, suppressed FROM care "
        "WHERE unit_code = 'A' ORDER BY month"
    ) == [(month, "A镇", None, 2, "minors") for month in (1, 2, 3)]
    assert share.rows(
        "SELECT unit_code, value, year_to_date, suppressed FROM quarterly_indicator "
        "WHERE indicator = 'minors' ORDER BY ALL"
    ) == [(DISTRICT, 143, 143, False), ("A", None, None, True), ("B", None, None, True)]


def test_a_year_to_date_tells_of_a_month_that_did_not_come(
    warehouses: Warehouses, share_of: Share
) -> None:
    # February of A is missing, but 43 - 0 - 40 = 3 were served in it.
    path = warehouses.of(
        ABCD,
        """
        2020-01 A minors 20 20
        2020-03 A minors 40 63
        2020-01..2020-03 B minors 20
        """,
    )
    rows = "SELECT count(value), count(year_to_date) FROM monthly_figure WHERE unit_code = 'A'"
    assert share_of(path, ABCD, "2020Q1").rows(rows) == [(0, 0)]


def test_units_that_merge_are_one_series(warehouses: Warehouses, share_of: Share) -> None:
    # D and E become F, whose base is theirs: 9 + 3. Each of them would tell of the others.
    path = warehouses.of(
        district(),
        """
        2020-01..2020-12 A patients 20
        2020-01..2020-12 B patients 30
        2020-01..2020-06 D patients 9
        2020-01..2020-06 E patients 3
        2020-07..2020-12 F patients 12
        """,
    )
    share = share_of(path, district(), "2020Q3")
    assert share.rows(
        "SELECT quarter, unit_code, value, base, change, status, restated FROM growth "
        "WHERE indicator = 'patients' AND comparison = 'qoq' AND quarter = '2020Q3' "
        "AND unit_code IN ('A', 'F') ORDER BY unit_code"
    ) == [
        ("2020Q3", "A", 20, 20, 0, "ok", False),
        ("2020Q3", "F", None, None, None, "suppressed", True),
    ]
    hidden = "SELECT DISTINCT unit_code FROM monthly_figure WHERE mark = 'suppressed' ORDER BY ALL"
    assert share.rows(hidden) == [("B",), ("D",), ("E",), ("F",)]


def test_growth_gives_away_neither_value_nor_base(warehouses: Warehouses, share_of: Share) -> None:
    # B grows by 10, a fifth of the district's 50: its pull is known, its contribution would
    # tell whether the others' changes against the total outweigh it.
    path = warehouses.of(
        ABD,
        """
        2020-01..2020-03 A patients 3
        2020-01..2020-03 B patients 20
        2020-01..2020-03 D patients 50
        2020-04..2020-06 A patients 13
        2020-04..2020-06 B patients 30
        2020-04..2020-06 D patients 80
        """,
    )
    rows = share_of(path, ABD, "2020Q2").rows(
        "SELECT unit_code, value, base, change, status, matched_units, matched_value, "
        "contribution, round(pull, 1)::VARCHAR FROM growth "
        "WHERE indicator = 'patients' AND comparison = 'qoq' AND quarter = '2020Q2' ORDER BY ALL"
    )
    assert rows == [
        (DISTRICT, 123, 73, 50, "ok", 3, None, None, None),
        ("A", None, None, None, "suppressed", None, None, None, None),
        ("B", 30, 20, 10, "ok", None, None, None, "13.7"),
        ("D", None, None, None, "suppressed", None, None, None, None),
    ]


def test_a_small_total_is_withheld_with_all_that_follows_from_it(
    warehouses: Warehouses, share_of: Share
) -> None:
    # A = 3 is the whole district. B's pull, 100 x 0 / 3, would tell of the base.
    path = warehouses.of(
        AB,
        """
        2020-01..2020-03 A patients 3
        2020-01..2020-06 B patients 0
        2020-04..2020-06 A patients 8
        """,
    )
    share = share_of(path, AB, "2020Q2")
    assert share.quarter("patients", "2020Q2") == [
        (DISTRICT, None, True),
        ("A", None, True),
        ("B", 0, False),
    ]
    assert share.rows(
        "SELECT unit_code, value, base, pull, status FROM growth WHERE indicator = 'patients' "
        "AND comparison = 'qoq' AND quarter = '2020Q2' ORDER BY ALL"
    ) == [
        (DISTRICT, None, None, None, "suppressed"),
        ("A", None, None, None, "suppressed"),
        ("B", 0, 0, None, "both_zero"),
    ]


RATES = "2020-01..2020-03 {0} patients {1}\n2020-01..2020-03 {0} in_rehab {2}\n"


def test_a_rate_is_withheld_with_any_of_its_counts(warehouses: Warehouses, share_of: Share) -> None:
    # A: 3 of 30 in rehabilitation are 10 %, and 30 are shown.
    units = (("A", 30, 3), ("B", 40, 20), ("C", 50, 10))
    path = warehouses.of(ABCD, "".join(RATES.format(*each) for each in units))
    share = share_of(path, ABCD, "2020Q1")
    assert [row[:2] for row in share.quarter("patients")] == [
        (DISTRICT, 120), ("A", 30), ("B", 40), ("C", 50),
    ]  # fmt: skip
    assert share.quarter("rehab_rate") == [
        (DISTRICT, Decimal("27.5"), False),  # 33 of 120
        ("A", None, True),
        ("B", 50, False),
        ("C", None, True),
    ]


def test_no_flag_of_a_withheld_rate_tells_whether_it_is_over_nothing(
    warehouses: Warehouses, share_of: Share
) -> None:
    # Five of 1 patient each are 75 less the 30 and 40 that are shown: that none of them is 0
    # would say that each is 1. A has none in March and B none in June, and nothing says so.
    declaration = simple(*"ABCDEGH")
    facts = ""
    for unit, first, second in (
        *(("A", 0, 1), ("B", 1, 0), ("C", 1, 1), ("D", 1, 1), ("E", 1, 1)),
        *(("G", 30, 30), ("H", 40, 40)),
    ):
        facts += RATES.format(unit, first, 0) + RATES.format(unit, second, 0).replace(*SECOND)
    facts = facts.replace(
        "2020-01..2020-03 A patients 0", "2020-01 A patients 1\n2020-03 A patients 0"
    )
    path = released(warehouses.of(declaration, facts), {}, "2020Q2")
    share = share_of(path, declaration, "2020Q2")
    for prefix in ("", "released_"):
        told = "indicator = 'rehab_rate' AND unit_code BETWEEN 'A' AND 'E'"
        flags = share.rows(f"SELECT suppressed FROM {prefix or 'quarterly_'}indicator WHERE {told}")
        status = share.rows(f"SELECT status FROM {prefix}growth WHERE {told}")
        assert (len(flags), set(flags)) == ((5, 10)[prefix == ""], {(True,)})
        assert set(status) == {("suppressed",)}


def test_a_districts_rate_over_other_units_than_its_counts_is_withheld(
    warehouses: Warehouses,
    share_of: Share,
) -> None:
    # Patients do not apply to C, so that the rate is of A and B: 23 of 70, while the total
    # of those in rehabilitation is 33. B's 20 known, A would be 23 - 20.
    path = warehouses.of(
        ABCD,
        RATES.format("A", 30, 3)
        + RATES.format("B", 40, 20)
        + RATES.format("C", "-", 10).replace("patients -", "patients - not_applicable"),
    )
    share = share_of(path, ABCD, "2020Q1")
    assert share.quarter("in_rehab") == [
        (DISTRICT, 33, False), ("A", None, True), ("B", 20, False), ("C", None, True),
    ]  # fmt: skip
    assert share.quarter("rehab_rate") == [
        (DISTRICT, None, True), ("A", None, True), ("B", 50, False),
    ]  # fmt: skip


def test_a_difference_of_counts_is_a_count(warehouses: Warehouses, share_of: Share) -> None:
    # 30 - 27 = 3 people of A are not in rehabilitation, so neither number of A is shown.
    units = (("A", 30, 27), ("B", 40, 20), ("C", 50, 10))
    share = share_of(
        warehouses.of(ABCD, "".join(RATES.format(*each) for each in units)), ABCD, "2020Q1"
    )
    for indicator in ("patients", "in_rehab", "not_in_rehab"):
        assert ("A", None, True) in share.quarter(indicator)


def test_a_dated_total_of_the_district_is_a_total(warehouses: Warehouses, share_of: Share) -> None:
    # The district's 23 of December 2019 less B's 20 would be A's 3; nobody else is there.
    path = warehouses.of(
        ABCD,
        """
        2019-12 1 patients 23 history
        2019-12 A patients 3 history
        2019-12 B patients 20 history
        2020-01..2020-03 A patients 30
        2020-01..2020-03 B patients 20
        """,
    )
    rows = "SELECT unit_code, value FROM monthly_figure WHERE month = '2019-12-01' ORDER BY ALL"
    assert share_of(path, ABCD, "2020Q1").rows(rows) == [(DISTRICT, 23), ("A", None), ("B", None)]


@pytest.mark.parametrize(
    ("corrected", "total"),
    [({}, 62), ({"B": 18, DISTRICT: 60}, None)],
    ids=["as it is", "corrected since"],
)
def test_a_released_total_is_shown_only_as_long_as_it_is_the_live_one(
    warehouses: Warehouses, share_of: Share, corrected: dict[str, int], total: int | None
) -> None:
    path = released(warehouses.of(ABCD, patients(A=3, B=20, C=30, D=9)), corrected)
    share = share_of(path, ABCD, "2020Q1")
    rows = share.rows(
        "SELECT unit_code, value FROM released_indicator WHERE indicator = 'patients' ORDER BY ALL"
    )
    assert rows == [
        (DISTRICT, total),
        ("A", None),
        ("B", corrected.get("B", 20)),
        ("C", 30),
        ("D", None),
    ]
    assert share.rows("SELECT * EXCLUDE (as_of, quarter_start) FROM release") == [
        ("R", "2020Q1", "", "", 0, None)
    ]


@pytest.mark.parametrize(("corrected", "pull"), [({}, "13.7"), ({"B": 29, DISTRICT: 122}, None)])
def test_a_units_part_of_a_released_growth_goes_with_its_total(
    warehouses: Warehouses, share_of: Share, corrected: dict[str, int], pull: str | None
) -> None:
    # B's 10 are 13.7 % of the base, which is so known to be 73 as it was released.
    path = warehouses.of(
        ABD, patients(A=3, B=20, D=50) + "\n" + patients(A=13, B=30, D=80).replace(*SECOND)
    )
    share = share_of(released(path, corrected, "2020Q2"), ABD, "2020Q2")
    assert share.rows(
        "SELECT value, base, round(pull, 1)::VARCHAR FROM released_growth "
        "WHERE indicator = 'patients' AND comparison = 'qoq' AND unit_code = 'B'"
    ) == [(30, 20, pull)]


def test_a_count_that_was_small_when_released_is_small(
    warehouses: Warehouses, share_of: Share
) -> None:
    path = released(warehouses.of(ABCD, patients(A=6, B=20, C=30, D=9)), {"A": 3, DISTRICT: 62})
    rows = share_of(path, ABCD, "2020Q1").quarter("patients")
    assert [unit for unit, _, suppressed in rows if suppressed] == ["A", "D"]


def test_a_quarters_share_tells_of_no_later_month(warehouses: Warehouses, share_of: Share) -> None:
    path = warehouses.of(ABCD, patients(A=8, B=20) + "\n2020-04..2020-06 A patients 3")
    share = share_of(path, ABCD, "2020Q1")
    assert share.quarter("patients") == [(DISTRICT, 28, False), ("A", 8, False), ("B", 20, False)]
    for table, column, last in (
        ("monthly_figure", "month", "2020-03-01"),
        ("coverage", "month", "2020-03-01"),
        ("care", "month", "2020-03-01"),
        ("quarterly_indicator", "quarter", "2020Q1"),
        ("growth", "quarter", "2020Q1"),
    ):
        assert share.rows(f"SELECT max({column})::VARCHAR FROM {table}") == [(last,)]


def test_every_public_table_is_shared_or_there_is_a_reason_why_not(warehouses: Warehouses) -> None:
    path = warehouses.of(DECLARATION, "2022-01..2022-03 500114001 orphans 3")
    with shareable(path, DECLARATION, parse_quarter("2022Q1"), 5) as shared:
        names = [table.name for table in shared.tables]
        columns = {column.name for table in shared.tables for column in table.columns}
        with pytest.raises(Exception, match="internal"):
            shared.connection.execute("SELECT * FROM internal.figure_value")
    ledgers = {ledger.table for ledger in DECLARATION.ledgers}
    assert set(names) | set(NOT_SHARED) | ledgers >= {t.name for t in public_tables(DECLARATION)}
    assert not set(names) & (set(NOT_SHARED) | ledgers)
    assert not columns & {"submission", "sheet", "cell", "sender", "file_name", "note"}


def test_the_same_warehouse_gives_the_same_bytes_in_a_folder_swapped_in_whole(
    warehouses: Warehouses, tmp_path: Path
) -> None:
    path = warehouses.of(ABCD, patients(A=3, B=20, C=30, D=9))
    folder = tmp_path / "share"

    def written() -> dict[str, bytes]:
        with shareable(path, ABCD, parse_quarter("2020Q1"), 5) as shared:
            rows = write_share(shared, folder)
        assert {f"{name}.parquet" for name in rows} == {each.name for each in folder.iterdir()}
        return {each.name: each.read_bytes() for each in folder.iterdir()}

    first = written()
    assert written() == first
    assert [each.name for each in tmp_path.iterdir()] == ["share"]


def test_only_an_earlier_share_is_replaced(warehouses: Warehouses, tmp_path: Path) -> None:
    path = warehouses.of(AB, patients(A=30, B=20))
    real, link = tmp_path / "real", tmp_path / "link"
    link.symlink_to(real)
    foreign = [tmp_path / name for name in (".real.old", ".real.part", ".link.old")]
    with shareable(path, AB, parse_quarter("2020Q1"), 5) as shared:
        for each in foreign:
            each.mkdir()
        rows = write_share(shared, link)
        assert link.is_symlink()
        assert len(list(real.iterdir())) == len(rows)
        assert all(each.is_dir() for each in foreign)
        (real / "care.parquet").unlink()
        for at, (name, make) in enumerate(
            (
                ("care.parquet", Path.mkdir),
                ("care.parquet", lambda extra: extra.symlink_to(path)),
                ("mine.parquet", Path.touch),
                ("notes.txt", Path.touch),
            )
        ):
            make(real / name)
            there = {each.name for each in real.iterdir()}
            with pytest.raises(Misuse, match=name):
                write_share(shared, real)
            assert {each.name for each in real.iterdir()} == there
            (real / name).rename(tmp_path / str(at))
        (tmp_path / "file").write_text("kept")
        for name in ("file", "file/below"):
            with pytest.raises(Misuse, match="name a folder with --out"):
                write_share(shared, tmp_path / name)


def test_the_old_share_is_back_where_the_new_one_could_not_come(
    warehouses: Warehouses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "share"
    replace = Path.replace

    def broken(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError("full")
        return replace(self, target)

    with shareable(
        warehouses.of(AB, patients(A=30, B=20)), AB, parse_quarter("2020Q1"), 5
    ) as shared:
        write_share(shared, folder)
        monkeypatch.setattr(Path, "replace", broken)
        with pytest.raises(OSError, match="full"):
            write_share(shared, folder)
        assert [each.name for each in tmp_path.iterdir()] == ["share"]
        monkeypatch.undo()
        # As a run leaves it that was killed between its two renames.
        aside = tmp_path / ".share.abc.part"
        aside.mkdir()
        folder.rename(aside / "old")
        monkeypatch.setattr(Path, "replace", broken)
        with pytest.raises(OSError, match="full"):
            write_share(shared, folder)
        assert len(list(folder.iterdir())) == len(shared.tables)


def test_a_quarter_wholly_from_before_the_forms_is_final(warehouses: Warehouses) -> None:
    path = warehouses.of(AB, "2019-10..2019-12 A patients 30 history")
    quarter = parse_quarter("2019Q4")
    see_settled(path, AB, quarter, dt.datetime(2020, 1, 1), provisional=False)  # noqa: DTZ001
    # In Chongqing it is still December.
    with pytest.raises(Misuse, match="2019Q4 has not ended"):
        see_settled(path, AB, quarter, dt.datetime(2019, 12, 31, 15, 59), provisional=True)  # noqa: DTZ001


def test_a_quarter_that_is_not_there_is_named(warehouses: Warehouses) -> None:
    path = warehouses.of(ABCD, patients(A=8))
    with pytest.raises(NotThere, match="nothing of 2031Q1"), shareable(path, ABCD, 8124, 5):
        pass


def test_a_declaration_that_is_newer_than_the_warehouse_is_refused(warehouses: Warehouses) -> None:
    # With C gone from the register, 62 - 20 - 30 - 9 = 3 would be of A and D as they were.
    path = warehouses.of(ABCD, patients(A=3, B=20, C=30, D=9))
    with (
        pytest.raises(NotThere, match="run `minzheng nightly`"),
        shareable(path, ABD, parse_quarter("2020Q1"), 5),
    ):
        pass
