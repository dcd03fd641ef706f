import json
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wegmarke.capture.files import ColumnMapping, FileError, preview, read

MOMENT = datetime(2024, 3, 1, 10, tzinfo=UTC)


@pytest.fixture
def parquet(tmp_path):
    def parquet(columns, **options):
        path = tmp_path / "events.parquet"
        pq.write_table(pa.table(columns), path, **options)
        return path

    return parquet


def events(n, /, **more):
    return {
        "customer_id": [f"C{i}" for i in range(n)],
        "timestamp": [MOMENT] * n,
        "event": ["visit"] * n,
    } | more


@pytest.mark.parametrize(
    "persons",
    [
        pa.array([1, 2]),
        pa.array([1.0, 2.0]),
        pa.array(["1", " 2 "]),
        pa.array(["1", "2"], pa.large_string()),
        pa.array(["1", "2"]).dictionary_encode(),
        pa.array([b"1", b"2"]),
    ],
)
def test_persons_of_any_type_become_texts(parquet, persons):
    result = read(parquet(events(2, customer_id=persons)))
    assert result.events.column("person").to_pylist() == ["1", "2"]
    assert result.events.column("time").to_pylist() == [MOMENT, MOMENT]


BIG = 10**17 + 1


@pytest.mark.parametrize(
    ("persons", "texts"),
    [
        (pa.array([Decimal(BIG), Decimal(BIG + 1)], pa.decimal128(38, 0)), [str(BIG), str(BIG + 1)]),
        (pa.array([Decimal(10**30), Decimal(10**30 + 1)]), [str(10**30), str(10**30 + 1)]),
        (pa.array([Decimal("12.00"), Decimal("12.50")]), ["12", "12.5"]),
        (pa.array([Decimal("100.00"), Decimal("0.00")]), ["100", "0"]),
        (pa.array([1e300, 2e300]), ["1e+300", "2e+300"]),
        (pa.array([2.0**60, 1.5]), [str(2**60), "1.5"]),
        (pa.array([0.5, 1.0], pa.float32()), ["0.5", "1"]),
    ],
)
def test_persons_with_long_numbers_are_not_mixed_up(parquet, persons, texts):
    result = read(parquet(events(2, customer_id=persons)))
    assert result.events.column("person").to_pylist() == texts


def test_what_is_not_a_number_is_no_person(parquet):
    result = read(parquet(events(3, customer_id=pa.array([1.0, float("nan"), 3.0]))))
    assert result.events.column("person").to_pylist() == ["1", "3"]
    assert [row["reason"] for row in result.rejected.to_pylist()] == ["the person is empty"]


def test_properties_keep_the_type_of_their_column(parquet):
    columns = events(
        2, wait=[61.5, None], code=["007", "a"], back=[True, False], due=[MOMENT, None], n=[3, 4]
    )
    result = read(parquet(columns), ColumnMapping(properties=None))
    assert [json.loads(text) for text in result.events.column("properties").to_pylist()] == [
        {"wait": 61.5, "code": "007", "back": True, "due": "2024-03-01 10:00:00+00:00", "n": 3},
        {"code": "a", "back": False, "n": 4},
    ]


def test_bad_rows_are_named_by_their_number_across_row_groups(parquet):
    path = parquet(events(5, customer_id=["C0", None, "C2", "", "C4"]), row_group_size=2)
    rejected = read(path).rejected.to_pylist()
    assert [row["line"] for row in rejected] == [2, 4]
    assert json.loads(rejected[0]["row"])["event"] == "visit"


def test_nested_columns_are_left_out_and_refused_where_asked_for(parquet):
    path = parquet(events(1, basket=[[{"item": 1}]]))
    assert read(path, ColumnMapping(properties=None)).events.column("properties").to_pylist() == [None]
    with pytest.raises(FileError, match="lists or structures"):
        read(path, ColumnMapping(value="basket"))


def test_too_many_columns_are_refused(parquet):
    with pytest.raises(FileError, match="columns or more"):
        read(parquet({f"c{i}": [1] for i in range(2_001)}))


def test_no_rows_are_refused(parquet):
    columns = {"customer_id": pa.array([], pa.string()), "timestamp": pa.array([], pa.timestamp("us"))}
    with pytest.raises(FileError, match="header but no rows"):
        read(parquet(columns), ColumnMapping(event_name="visit"))


def test_a_file_cut_off_or_damaged_is_refused(parquet):
    path = parquet(events(100))
    whole = path.read_bytes()
    for cut in (4, 11, 100, len(whole) - 1):
        path.write_bytes(whole[:cut])
        with pytest.raises(FileError):
            read(path)
    for place in range(4, len(whole), 41):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            read(path)
        except FileError as refused:
            assert str(refused)  # noqa: PT017 - anything but FileError fails the test


def test_a_preview_reads_the_start_only(parquet):
    look = preview(parquet(events(5_000), row_group_size=100))
    assert (look.kind, look.estimated_rows, len(look.rows)) == ("parquet", 5_000, 20)
    assert look.mapping.person == "customer_id"


def test_many_rows_are_read_with_their_ratings_values_and_attributes(parquet):
    n = 300_000
    columns = events(n, nps=[i % 11 for i in range(n)], amount=[i * 0.5 for i in range(n)])
    columns["customer_id"] = [f"C{i % 1_000}" for i in range(n)]
    columns["segment"] = ["old" if i < n - 1_000 else f"new {i % 7}" for i in range(n)]
    result = read(parquet(columns), ColumnMapping(attributes=("segment",)))
    assert result.events.column("rating").to_pylist()[:12] == [*range(11), 0]
    assert result.events.column("value").to_pylist()[-1] == (n - 1) * 0.5
    assert result.traits is not None
    traits = {row["person"]: row["value"] for row in result.traits.to_pylist()}
    assert traits == {f"C{i % 1_000}": f"new {i % 7}" for i in range(n - 1_000, n)}


def test_columns_with_blanks_around_their_names_are_found_and_read(parquet):
    columns = {f" {name}\0": cells for name, cells in events(2).items()}
    path = parquet(columns)
    assert preview(path).columns == ("customer_id", "timestamp", "event")
    assert read(path).events.column("person").to_pylist() == ["C0", "C1"]
