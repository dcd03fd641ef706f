"""A zero byte, which PostgreSQL keeps in no text, is left out of what is imported; the row counts."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from support.imports import NOW
from wegmarke.capture import queries, steps
from wegmarke.capture.files.mapping import ColumnMapping
from wegmarke.record import queries as log
from wegmarke.record import services as record
from wegmarke.record.contracts import Bindings

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 5, tzinfo=UTC)
COLUMNS = {
    "who": ["K\x001", "K1", "\0", "K2"],
    "when": [START + timedelta(hours=at) for at in range(4)],
    "what": ["Or\0der", "Order", "Order", " \0 "],
    "place\0": ["Ul\0m", "Ulm", "Ulm", "Ulm"],
}
MAPPING = ColumnMapping(person="who", time="when", event="what", properties=("place",), complete=True)


def parquet(columns) -> bytes:
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


@pytest.mark.parametrize("kind", [pa.string(), pa.binary(), pa.dictionary(pa.int32(), pa.string())], ids=str)
def test_an_import_with_zero_bytes_is_read_and_its_journeys_are_built(started, kind):
    columns = COLUMNS | {name: pa.array(COLUMNS[name]).cast(kind) for name in ("who", "what")}
    state = started(parquet(columns), "events.parquet", MAPPING)
    assert steps.import_one(NOW)
    ended = queries.state(state.id)
    assert (ended.status, ended.written, ended.rejected) == ("done", 2, 2)
    build = record.build_journeys(Bindings(), plan_version="1", now=NOW)
    assert (build.persons, build.unbound_names) == (1, (("Order", 2),))
    assert log.current_build().unbound_names == build.unbound_names
