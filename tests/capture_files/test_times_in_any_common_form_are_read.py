# ruff: noqa: DTZ001, RUF001 - times without a zone are what is tested
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.capture.files.times import UNREADABLE, read_times

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31, 23, 59, 59))
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def micros(moment: datetime) -> int:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - EPOCH) // timedelta(microseconds=1)


def read(*texts):
    return read_times(pa.array(texts))


@pytest.mark.parametrize(
    ("text", "moment", "zoned"),
    [
        ("2024-03-01T07:30:15Z", datetime(2024, 3, 1, 7, 30, 15), True),
        ("2024-03-01 07:30:15+02:00", datetime(2024, 3, 1, 5, 30, 15), True),
        ("2024-03-01T07:30:15.123456-0530", datetime(2024, 3, 1, 13, 0, 15, 123456), True),
        ("2024-03-01T07:30:15,5+01", datetime(2024, 3, 1, 6, 30, 15, 500000), True),
        ("2024-03-01T07:30:15.123456789Z", datetime(2024, 3, 1, 7, 30, 15, 123456), True),
        ("2024-03-01T07:30:15+01:00[Europe/Berlin]", datetime(2024, 3, 1, 6, 30, 15), True),
        ("2024-03-01 07:30:15 UTC", datetime(2024, 3, 1, 7, 30, 15), True),
        ("2024-03-01T07:30", datetime(2024, 3, 1, 7, 30), False),
        ("2024-3-1 7:30", datetime(2024, 3, 1, 7, 30), False),
        ("2024/03/01", datetime(2024, 3, 1), False),
        ("20240301T073015Z", datetime(2024, 3, 1, 7, 30, 15), True),
        ("20240301", datetime(2024, 3, 1), False),
        ("20240301073015", datetime(2024, 3, 1, 7, 30, 15), False),
        ("01.03.2024", datetime(2024, 3, 1), False),
        ("1.3.2024 7:30", datetime(2024, 3, 1, 7, 30), False),
        ("01.03.2024 07:30:15", datetime(2024, 3, 1, 7, 30, 15), False),
        ("01.03.24, 07:30 Uhr", datetime(2024, 3, 1, 7, 30), False),
        ("31.12.99", datetime(1999, 12, 31), False),
        ("Fr, 1. März 2024 07:30", datetime(2024, 3, 1, 7, 30), False),
        ("1 März 2024 07:30", datetime(2024, 3, 1, 7, 30), False),
        ("01-Mar-2024 07:30:15", datetime(2024, 3, 1, 7, 30, 15), False),
        ("Fri, 01 Mar 2024 07:30:15 GMT", datetime(2024, 3, 1, 7, 30, 15), True),
        ("Mar 1, 2024", datetime(2024, 3, 1), False),
        ("2024-03-01 12:05 AM", datetime(2024, 3, 1, 0, 5), False),
        ("2024-03-01 12:05 p.m.", datetime(2024, 3, 1, 12, 5), False),
        ("1709278215", datetime(2024, 3, 1, 7, 30, 15), True),
        ("1709278215.25", datetime(2024, 3, 1, 7, 30, 15, 250000), True),
        ("1709278215123", datetime(2024, 3, 1, 7, 30, 15, 123000), True),
        ("1709278215123456", datetime(2024, 3, 1, 7, 30, 15, 123456), True),
        ("1709278215123456789", datetime(2024, 3, 1, 7, 30, 15, 123456), True),
        ("  2024-03-01  ", datetime(2024, 3, 1), False),
    ],
)
def test_one_form(text, moment, zoned):
    reading = read(text)
    assert (reading.micros[0], reading.zoned[0]) == (micros(moment), zoned)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "yesterday",
            "2024-02-30",
            "2023-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-01-00",
            "32.01.2024",
        ),
        *("2024-01-01 24:00", "2024-01-01 10:60", "2024-01-01 10:00:60", "2024-01-01 13:00 PM", "0:30"),
        *("2024-01-01 10:00+19:00", "1234", "12345678", "2024-01-01x", "x2024-01-01", "2024-01-01 10", "-"),
        *("1" * 65, "٢٠٢٤-٠١-٠١", "2024–01–01", "\x00", "2024-01/01", "29.02.1900"),
    ],
)
def test_what_is_no_time_is_not_read(text):
    assert read(text).micros[0] == UNREADABLE


@pytest.mark.parametrize(
    "pattern",
    [
        *("%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y"),
        *("%Y%m%dT%H%M%S", "%d %B %Y %H:%M:%S", "%b %d, %Y", "%Y-%m-%d %I:%M:%S %p"),
    ],
)
@given(moments=st.lists(MOMENTS, min_size=1, max_size=20))
def test_what_python_writes_is_read_back(pattern, moments):
    texts = [moment.strftime(pattern) for moment in moments]
    expected = [micros(datetime.strptime(text, pattern).replace(tzinfo=UTC)) for text in texts]
    assert read(*texts).micros.tolist() == expected


@given(moments=st.lists(st.tuples(MOMENTS, st.none() | ZONES), min_size=1, max_size=30))
def test_iso_texts_of_any_zone_and_precision_are_read_back(moments):
    aware = [moment if zone is None else moment.replace(tzinfo=zone) for moment, zone in moments]
    reading = read(*(moment.isoformat() for moment in aware))
    assert reading.micros.tolist() == [micros(moment) for moment in aware]
    assert reading.zoned.tolist() == [moment.tzinfo is not None for moment in aware]


@given(days=st.lists(st.dates(date(1970, 1, 1), date(2099, 12, 31)), min_size=1, max_size=20))
def test_an_open_order_of_day_and_month_is_read_both_ways(days):
    reading = read(*(day.strftime("%d/%m/%Y") for day in days))
    turned = [(day.year, day.day, day.month) for day in days]
    assert reading.micros.tolist() == [micros(datetime(d.year, d.month, d.day)) for d in days]
    expected = [micros(datetime(*parts)) if parts[1] <= 12 else UNREADABLE for parts in turned]
    assert reading.month_first is not None
    assert reading.month_first.tolist() == expected


@given(texts=st.lists(st.text(max_size=70) | st.from_regex(r"[0-9TZ:./ +-]{6,25}"), max_size=40))
def test_any_text_gives_a_time_or_none_and_each_row_is_its_own(texts):
    together = read_times(pa.array(texts, pa.string()))
    alone = [read_times(pa.array([text], pa.string())).micros[0] for text in texts]
    assert together.micros.tolist() == alone


def test_more_rows_than_one_slice_and_shapes_in_any_order():
    texts = ["2024-03-01", "01/02/2024 10:00", "1709278215", "nothing", None] * 40_000
    reading = read_times(pa.array(texts))
    expected = [
        micros(datetime(2024, 3, 1)),
        micros(datetime(2024, 2, 1, 10)),
        micros(datetime(2024, 3, 1, 7, 30, 15)),
        UNREADABLE,
        UNREADABLE,
    ]
    assert reading.micros.reshape(-1, 5)[[0, 20_000, -1]].tolist() == [expected] * 3
    assert reading.month_first is not None
    assert reading.month_first.reshape(-1, 5)[-1, 1] == micros(datetime(2024, 1, 2, 10))
    assert reading.month_first.reshape(-1, 5)[-1, 0] == micros(datetime(2024, 3, 1))


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "Europe/Berlin"])
def test_timestamps_of_parquet_keep_their_time_and_say_whether_they_have_a_zone(unit, zone):
    moment = datetime(2024, 3, 1, 7, 30, 15)
    column = pa.array([micros(moment), None]).cast(pa.timestamp("us")).cast(pa.timestamp(unit))
    reading = read_times(column.cast(pa.timestamp(unit, zone)) if zone else column)
    assert reading.micros.tolist() == [micros(moment), UNREADABLE]
    assert reading.zoned.all() == (zone is not None)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([date(2024, 3, 1)]),
        pa.array([date(2024, 3, 1)]).cast(pa.date64()),
        pa.array([20240301]),
        pa.array(["2024-03-01"]).dictionary_encode(),
        pa.array(["2024-03-01"], pa.large_string()),
    ],
)
def test_dates_of_any_type_are_midnight_without_a_zone(column):
    reading = read_times(column)
    assert (reading.micros[0], reading.zoned[0]) == (micros(datetime(2024, 3, 1)), False)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1709278215]),
        pa.array([1709278215], pa.uint32()),
        pa.array([1709278215000]),
        pa.array([1709278215000000]),
        pa.array([1709278215000000000]),
        pa.array([1709278215.0]),
        pa.array([Decimal("1709278215.00")]),
    ],
)
def test_unix_times_of_any_unit_are_told_apart_by_their_size(column):
    reading = read_times(column)
    assert (reading.micros[0], reading.zoned[0]) == (micros(datetime(2024, 3, 1, 7, 30, 15)), True)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([5, -1709278215, 0]),
        pa.array([float("nan"), float("inf"), -1.0]),
        pa.array([True, False, None]),
        pa.array([None, None, None]),
        pa.array([np.iinfo(np.int64).max // 2] * 3).cast(pa.timestamp("s")),
    ],
)
def test_numbers_that_are_no_time_are_not_read(column):
    assert (read_times(column).micros == UNREADABLE).all()
