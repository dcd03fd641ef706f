# ruff: noqa: DTZ001 - times without a zone are what is tested
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.capture.files import ColumnMapping, FileError, read
from wegmarke.capture.files.zones import to_utc

HOUR = 3_600 * 1_000_000


def csv(*times):
    return "customer_id;timestamp;event\n" + "".join(f"C{i};{time};visit\n" for i, time in enumerate(times))


def times(path, **mapping):
    return read(path, ColumnMapping(**mapping)).events.column("time").to_pylist()


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_one_row_above_twelve_says_that_the_day_comes_first(write):
    result = read(write(csv("03/04/2024", "25/12/2024")))
    assert result.events.column("time").to_pylist() == [utc(2024, 4, 3), utc(2024, 12, 25)]
    assert "dates have the day first, as line 3 shows" in result.notes


def test_one_row_above_twelve_says_that_the_month_comes_first(write):
    result = read(write(csv("03/04/2024", "12/25/2024")))
    assert result.events.column("time").to_pylist() == [utc(2024, 3, 4), utc(2024, 12, 25)]
    assert "dates have the month first, as line 3 shows" in result.notes


def test_an_open_order_is_asked_about_with_the_row_it_was_met_in(write):
    path = write(csv("03/03/2024", "03/04/2024"))
    with pytest.raises(FileError) as refused:
        read(path)
    assert (refused.value.line, refused.value.column) == (3, "timestamp")
    assert "--day-first or --month-first" in str(refused.value)
    assert times(path, day_first=True)[1] == utc(2024, 4, 3)
    assert times(path, day_first=False)[1] == utc(2024, 3, 4)


def test_where_day_and_month_are_equal_everywhere_nothing_is_asked(write):
    assert times(write(csv("03/03/2024", "04/04/2024"))) == [utc(2024, 3, 3), utc(2024, 4, 4)]


def test_rows_that_contradict_each_other_are_named(write):
    path = write(csv("25/12/2024", "03/04/2024", "12/25/2024"))
    with pytest.raises(FileError) as refused:
        read(path)
    assert refused.value.line == 4
    assert "line 2" in refused.value.message


def test_mixed_zones_become_utc(write):
    found = times(write(csv("2024-03-01T10:00:00+02:00", "2024-03-01T10:00:00Z", "1709287200")))
    assert found == [utc(2024, 3, 1, 8), utc(2024, 3, 1, 10), utc(2024, 3, 1, 10)]


def test_some_rows_with_and_some_without_a_zone_are_refused_unless_a_zone_is_given(write):
    path = write(csv("2024-03-01T10:00:00Z", "2024-03-01T10:00:00"))
    with pytest.raises(FileError) as refused:
        read(path)
    assert (refused.value.line, refused.value.column) == (3, "timestamp")
    assert "line 2" in refused.value.message
    assert "--timezone" in refused.value.hint
    assert times(path, timezone="Europe/Berlin") == [utc(2024, 3, 1, 10), utc(2024, 3, 1, 9)]


def test_times_without_a_zone_are_utc_and_that_is_said(write):
    result = read(write(csv("2024-03-01 10:00")))
    assert result.events.column("time").to_pylist() == [utc(2024, 3, 1, 10)]
    assert any("UTC" in note for note in result.notes)


def test_a_zone_that_does_not_exist_is_refused(write):
    with pytest.raises(FileError, match="no time zone named “Mars/Olympus”"):
        read(write(csv("2024-03-01 10:00")), ColumnMapping(timezone="Mars/Olympus"))


@given(
    local=st.lists(st.datetimes(datetime(1971, 1, 1), datetime(2098, 12, 31)), min_size=1, max_size=30),
    name=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]),
)
def test_local_times_become_utc_as_python_does_it_row_by_row(local, name):
    zone = ZoneInfo(name)
    micros = np.array([(moment - datetime(1970, 1, 1)).total_seconds() * 1e6 for moment in local]).astype(
        np.int64
    )
    expected = [
        round((moment.replace(tzinfo=zone).astimezone(UTC) - utc(1970, 1, 1)).total_seconds() * 1e6)
        for moment in local
    ]
    assert np.abs(to_utc(micros, zone) - expected).max() <= 1


def test_the_hour_that_comes_twice_counts_as_its_first_pass(write):
    found = times(write(csv("27.10.2024 02:30", "31.03.2024 02:30")), timezone="Europe/Berlin")
    assert found == [utc(2024, 10, 27, 0, 30), utc(2024, 3, 31, 1, 30)]


def values(path, **mapping):
    return read(path, ColumnMapping(value="amount", **mapping))


def amounts(separator, *cells):
    lines = [separator.join(["customer_id", "timestamp", "event", "amount"])]
    lines += [separator.join([f"C{i}", "2024-03-01", "buy", cell]) for i, cell in enumerate(cells)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("separator", "cells", "expected"),
    [
        (";", ["1.234,56", "12,5", "7", ""], [1234.56, 12.5, 7, None]),
        (",", ["1234.56", "12.5", "7", ""], [1234.56, 12.5, 7, None]),
        ("\t", ["1,234.56", "1,234", "0.5", "-3"], [1234.56, 1234, 0.5, -3]),
        ("\t", ["1.234", "0,5", "-3", "1"], [1234, 0.5, -3, 1]),
        (";", ["1.234", "5", "1,500", "2"], [1234, 5, 1.5, 2]),
        (",", ["1.234", "5", "1.500", "2"], [1.234, 5, 1.5, 2]),
        (";", ["12,50 €", "EUR 3", "€ 4,00", "5 EUR"], [12.5, None, 4, 5]),
    ],
)
def test_point_or_comma_is_decided_for_the_whole_column(write, separator, cells, expected):
    content = amounts(separator, *cells)
    result = values(write(content))
    kept = [value for cell, value in zip(cells, expected, strict=True) if value is not None or cell == ""]
    assert result.events.column("value").to_pylist() == pytest.approx(kept)
    assert result.rejected.num_rows == len(cells) - len(kept)


def test_what_is_said_about_the_decimal_mark_counts(write):
    path = write(amounts("\t", "1.234", "1.500"))
    assert values(path, decimal=",").events.column("value").to_pylist() == [1234, 1500]
    assert values(path, decimal=".").events.column("value").to_pylist() == pytest.approx([1.234, 1.5])
