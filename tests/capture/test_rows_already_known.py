"""A file that holds rows of an earlier one adds the others only."""

from __future__ import annotations

import io
import itertools
import random
from dataclasses import replace

import pytest

from support.imports import CSV, MAPPING, NOW
from wegmarke.capture import queries, services, steps
from wegmarke.capture.files.mapping import ColumnMapping
from wegmarke.record import queries as log
from wegmarke.record import services as record

pytestmark = pytest.mark.django_db

LATER = b"K-4,2026-02-01 10:00,Order,Private\nK-4,2026-02-03 10:00,Delivery,Private\n"
TICKETS = ColumnMapping(
    person="who", time="when", event="what", value="cost", identity="no", timezone="UTC", complete=True
)


@pytest.fixture
def imported(started):
    """Return what imports a file and says how many of its rows were new, known, and known but changed."""

    def run(content: bytes, mapping: ColumnMapping = MAPPING, name: str = "events.csv"):
        state = started(content, name, mapping)
        assert steps.import_one(NOW)
        ended = queries.state(state.id)
        assert (ended.status, ended.written + ended.known) == ("done", ended.accepted)
        return ended.written, ended.known, ended.changed

    return run


def tickets(*rows: str) -> bytes:
    return "\n".join(["no,who,when,what,cost", *rows, ""]).encode()


def test_the_same_file_adds_nothing(imported):
    assert imported(CSV) == (6, 0, 0)
    assert imported(CSV) == (0, 6, 0)
    assert log.log_state().rows == 6


def test_a_longer_export_adds_what_is_new_in_it(imported):
    imported(CSV)
    assert imported(CSV + LATER) == (2, 6, 0)
    assert log.log_state().rows == 8


def test_rows_in_another_order_are_known(imported):
    imported(CSV + LATER)
    header, *rows = (CSV + LATER).splitlines()
    random.Random(3).shuffle(rows)  # noqa: S311 - an order, not a secret
    assert imported(b"\n".join([header, *rows])) == (0, 8, 0)


def test_columns_in_another_order_are_known(imported):
    keep_all = replace(MAPPING, properties=None)
    imported(b"customer_id,timestamp,event,a,b\nK-1,2026-01-05 10:00,Order,1,x\n", keep_all)
    assert imported(b"b,event,a,timestamp,customer_id\nx,Order,1,2026-01-05 10:00,K-1\n", keep_all) == (
        0,
        1,
        0,
    )


def test_equal_rows_of_one_file_stay_as_many_as_they_are(imported):
    row = b"K-1,2026-01-05 10:00,Order,Business\n"
    assert imported(CSV + row) == (7, 0, 0)
    assert imported(row.join([CSV, b""]) + row) == (1, 7, 0)


def test_a_workbook_is_recognised_as_the_text_file_it_was(imported):
    from openpyxl import Workbook

    mapping = replace(MAPPING, value="cost")
    imported(b"customer_id,timestamp,event,cost\nK-3,2026-01-01 10:00,Order,12\n", mapping)
    book = Workbook()
    for row in (["customer_id", "timestamp", "event", "cost"], ["K-3", "2026-01-01 10:00", "Order", 12]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    assert imported(out.getvalue(), mapping, "events.xlsx") == (0, 1, 0)


def test_a_row_with_an_id_is_known_by_it_whatever_else_it_says_now(imported):
    imported(tickets("1,K-1,2026-01-05,Ticket,5", "2,K-1,2026-01-05,Ticket,5"), TICKETS)
    later = tickets("2,K-1,2026-01-05,Ticket,9", "3,K-1,2026-01-05,Ticket,5", "1,K-1,2026-01-05,Ticket,5")
    assert imported(later, TICKETS) == (1, 2, 1)


def test_one_id_may_have_several_events(imported):
    content = tickets("1,K-1,2026-01-05,Opened,", "1,K-1,2026-01-06,Closed,")
    assert imported(content, TICKETS) == (2, 0, 0)


def test_rows_without_their_id_are_known_by_what_they_say(imported):
    content = tickets(",K-1,2026-01-05,Ticket,5", ",K-1,2026-01-05,Ticket,6", "7,K-2,2026-01-05,Ticket,5")
    assert imported(content, TICKETS) == (3, 0, 0)
    assert imported(content, TICKETS) == (0, 3, 0)


def test_texts_that_only_look_alike_when_put_together_are_two_rows(imported):
    content = b"customer_id,timestamp,event\nK-1x,2026-01-05,Order\nK-1,2026-01-05,xOrder\n"
    assert imported(content) == (2, 0, 0)


@pytest.mark.parametrize("stops_at", [0, 1, 2])
def test_a_file_half_imported_goes_on_and_the_next_knows_all_of_it(started, imported, monkeypatch, stops_at):
    monkeypatch.setattr(services, "CHUNK_ROWS", 3)
    imported(CSV)
    state = started(CSV + LATER)
    real = record.Writer.append
    calls = itertools.count()

    def append(self, **arguments):
        if next(calls) == stops_at:
            raise OSError(28, "No space left on device")
        return real(self, **arguments)

    with monkeypatch.context() as patched:
        patched.setattr(record.Writer, "append", append)
        steps.import_one(NOW)
    between = queries.state(state.id)
    assert between.chunks_done == stops_at
    steps.import_one(between.due_at)
    ended = queries.state(state.id)
    assert (ended.written, ended.known, log.log_state().rows) == (2, 6, 8)
    assert imported(CSV + LATER) == (0, 8, 0)
