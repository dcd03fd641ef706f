"""The demo company as files for the command line."""

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from wegmarke.demo import export
from wegmarke.demo.generate import generate
from wegmarke.plan import documents
from wegmarke.plan.rules import bindings_of
from wegmarke.record.binding import bind
from wegmarke.record.contracts import EVENT_SCHEMA


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
    assert events.column_names[:5] == ["person", "time", "event", "experience", "value"]
    assert {"answer_minutes", "days_late", "campaign", "error"} <= set(events.column_names)
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


def test_flat_events_say_the_same_as_those_of_the_record():
    made = generate(seed=8, ends_on=date(2026, 6, 30), customers=300)
    flat = export.flat(made.events)
    own = bind(made.events, bindings_of(documents.load(export.plan_text())))
    again = pa.table(
        {
            "person": flat["person"],
            "time": flat["time"].cast(pa.timestamp("us", tz="UTC")),
            "name": flat["event"],
            "rating": pa.array(
                [{"bad": -1, "neutral": 0, "good": 1}.get(w) for w in flat["experience"].to_pylist()]
            ),
            "scale": pa.array(["bad-neutral-good"] * flat.num_rows),
            "value": flat["value"],
            "properties": [
                json.dumps({k: v for k, v in row.items() if v is not None})
                for row in flat.drop_columns(["person", "time", "event", "experience", "value"]).to_pylist()
            ],
        }
    ).cast(EVENT_SCHEMA)
    read = bind(again, bindings_of(documents.load(export.plan_text())))
    assert np.array_equal(read.touchpoint, own.touchpoint)
    assert np.array_equal(read.experience, own.experience)
