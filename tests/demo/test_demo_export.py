"""The demo company as files for the command line."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from wegmarke.demo import export
from wegmarke.plan import documents


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_events_persons_and_plan_are_written(tmp_path, capsys, form):
    out = tmp_path / "wendelmark"
    arguments = [str(out), "--customers", "60", "--ends-on", "2026-06-30", "--form", form, "--seed", "3"]
    assert export.main(arguments) == 0
    assert capsys.readouterr().out.splitlines() == [
        str(out / name) for name in (f"events.{form}", f"persons.{form}", "plan.yaml")
    ]
    read = {"csv": csv.read_csv, "parquet": parquet.read_table}[form]
    events, persons = read(out / f"events.{form}"), read(out / f"persons.{form}")
    assert events.column_names == ["person", "time", "name", "rating", "scale", "value", "properties"]
    assert persons.column_names[:4] == ["person", "Gewonnen über", "Kundentyp", "Region"]
    assert set(events["person"].to_pylist()) == set(persons["person"].to_pylist())
    assert len(set(persons["person"].to_pylist())) == persons.num_rows
    assert documents.load(out / "plan.yaml").name.de == "Wendelmark Kaffee"


def test_the_last_day_is_yesterday_when_none_is_given(tmp_path):
    export.main([str(tmp_path), "--customers", "30"])
    last = max(parquet.read_table(tmp_path / "events.parquet")["time"].to_pylist())
    yesterday = datetime.now(tz=UTC).date() - timedelta(days=1)
    assert yesterday - timedelta(days=2) <= last.date() <= yesterday


def test_wide_persons_keep_every_attribute():
    long = pa.table({"person": ["b", "a", "b"], "name": ["x", "x", "y"], "value": ["1", "2", "3"]})
    assert export.wide(long).to_pylist() == [
        {"person": "a", "x": "2", "y": None},
        {"person": "b", "x": "1", "y": "3"},
    ]
