"""A selection of journeys as XES: our own reader reads back what was written."""

from __future__ import annotations

import gzip
import io
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from support.axe import violations
from support.looks import EVERY_LOOK
from wegmarke.capture import files
from wegmarke.insights import queries
from wegmarke.insights.contracts import NoSuchAttributeError, Selection
from wegmarke.insights.eventlog import selecting, xes
from wegmarke.record import services as record
from wegmarke.record.contracts import EVENT_SCHEMA, TRAITS_SCHEMA, Bindings
from wegmarke.team.models import User

DAY = 86_400
START = 1_767_600_000
NASTY = 'Ä"<&>\x01\n'
ROWS = [  # person, days after the start, name, rating, value
    ("K-1", 0, "Order", None, 12.5),
    ("K-1", 1, NASTY, 1.0, None),
    ("K-1", 40, "Order", 5.0, None),
    ("K-2", 2, "Order", None, None),
    ("~a:v1", 3, "Visit", None, None),
]


@pytest.fixture
def journeys(transactional_db):
    """Lay out journeys of three persons; K-1 and the visitor are of segment A."""
    columns = [
        [person for person, *_rest in ROWS],
        [datetime.fromtimestamp(START + days * DAY, UTC) for _person, days, *_rest in ROWS],
        [name for _person, _days, name, *_rest in ROWS],
        [rating for *_rest, rating, _value in ROWS],
        [None if rating is None else "csat" for *_rest, rating, _value in ROWS],
        [value for *_rest, value in ROWS],
        [None] * len(ROWS),
    ]
    traits = pa.table([["K-1", "K-2", "~a:v1"], ["segment"] * 3, ["A", "B & C", "A"]], schema=TRAITS_SCHEMA)
    record.append(events=pa.table(columns, schema=EVENT_SCHEMA), traits=traits, source="t", batch_key="1")
    bindings = Bindings(unbound_names_are_touchpoints=True, attributes=("segment",))
    record.build_journeys(bindings, plan_version="1", now=datetime(2026, 3, 1, tzinfo=UTC))


def unpacked(**selection) -> bytes:
    return gzip.decompress(b"".join(queries.event_log(Selection(**selection))))


def counts(content: bytes) -> tuple[int, int]:
    log = ET.fromstring(content)  # noqa: S314 - written a moment ago
    name = "{http://www.xes-standard.org/}"
    return len(log.findall(f"{name}trace")), len(log.findall(f"{name}trace/{name}event"))


def at(days: float) -> datetime:
    return datetime.fromtimestamp(START + days * DAY, UTC)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({}, (3, 5)),
        ({"attribute": "segment", "label": "A"}, (2, 4)),
        ({"attribute": "segment", "label": "B & C"}, (1, 1)),
        ({"since": at(1)}, (3, 4)),
        ({"until": at(1)}, (1, 1)),
        ({"since": at(100)}, (0, 0)),
        ({"case_gap_days": 30.0}, (4, 5)),
        ({"case_gap_days": 39.0}, (3, 5)),
        ({"attribute": "segment", "label": "A", "since": at(1), "until": at(4)}, (2, 2)),
    ],
)
def test_a_selection_has_its_cases_and_events(journeys, selection, expected):
    assert counts(unpacked(**selection)) == expected


@pytest.mark.parametrize("chosen", [("nothing", "A"), ("segment", "Z")])
def test_what_nobody_has_is_said_before_anything_is_written(journeys, chosen):
    with pytest.raises(NoSuchAttributeError):
        queries.event_log(Selection(*chosen))


def test_what_was_written_is_read_back_by_the_import(journeys, tmp_path):
    path = tmp_path / "log.xes.gz"
    path.write_bytes(b"".join(queries.event_log(Selection())))
    mapping = files.ColumnMapping(
        person="case:person", time="time:timestamp", event="concept:name", value="value", complete=True
    )
    read = files.read(path, mapping)
    back = read.events.sort_by([("time", "ascending")])
    assert read.rejected.num_rows == 0
    assert back.column("person").to_pylist() == [
        person for person, *_rest in sorted(ROWS, key=lambda row: row[1])
    ]
    assert back.column("time").to_pylist() == sorted(at(days) for _person, days, *_rest in ROWS)
    assert back.column("value").to_pylist().count(12.5) == 1
    names = set(back.column("name").to_pylist())
    assert names == {"Order", "Visit", NASTY.replace("\x01", "\N{REPLACEMENT CHARACTER}").strip()}
    segments = {row["person"]: row["value"] for row in read.traits.to_pylist() if row["name"] == "segment"}
    assert segments == {"K-1": "A", "K-2": "B & C", "~a:v1": "A"}


def test_ratings_and_visitors_can_be_told(journeys):
    content = unpacked().decode()
    assert content.count('key="experience" value="bad"') == 1
    assert content.count('key="experience" value="good"') == 1
    assert content.count('<boolean key="anonymous" value="true"/>') == 1


def test_blocks_come_before_the_end_is_known(journeys, monkeypatch):
    monkeypatch.setattr(xes, "BLOCK", 100)
    blocks = list(queries.event_log(Selection()))
    assert len(blocks) > 3
    assert counts(gzip.GzipFile(fileobj=io.BytesIO(b"".join(blocks))).read()) == (3, 5)


def test_without_journeys_the_log_is_empty(db):
    assert counts(unpacked()) == (0, 0)
    assert selecting.segments(()) == ()


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("editor", 200)])
def test_the_file_needs_an_editor(client, journeys, role, status):
    client.force_login(User.objects.create_user("kim", role=role, language="en"))
    assert client.get("/insights/event-log.xes.gz").status_code == status


def test_the_page_chooses_segment_days_and_cases(client, journeys):
    client.force_login(User.objects.create_user("kim", role="editor", language="en"))
    query = {"segment": "0.0", "since": "2026-01-05", "until": "2026-01-06", "case": "30"}
    answer = client.get("/insights/event-log.xes.gz", query)
    assert answer["Content-Disposition"] == 'attachment; filename="wegmarke.xes.gz"'
    assert counts(gzip.decompress(b"".join(answer.streaming_content))) == (1, 2)
    assert client.get("/insights/event-log.xes.gz", {"since": "soon"}).status_code == 400
    assert client.get("/insights/event-log.xes.gz", {"segment": "9.9"}).status_code == 400


@pytest.mark.parametrize(("role", "offered"), [("viewer", False), ("editor", True)])
def test_who_may_have_the_file_is_offered_the_way_to_it(client, reader, store, role, offered):
    store()
    client.force_login(User.objects.create_user("lee", role=role, language="de"))
    assert ("Als Ereignisprotokoll (XES)" in client.get("/map/journey/").content.decode()) is offered
    assert client.get("/insights/event-log/").status_code == (200 if offered else 403)


@pytest.mark.browser
@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_the_page_is_accessible_in_every_look(journeys, signed_in_page, look):
    signed_in_page.goto("/insights/event-log/")
    assert violations(signed_in_page) == []
    assert signed_in_page.locator("#id_log_segment option").count() == 3
