import gzip
from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.capture.files import ColumnMapping, FileError, opening, preview, read
from wegmarke.capture.files.xes import XesTable

LOG = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
 <global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
 <string key="concept:name" value="the log"/>
 <trace>
  <string key="concept:name" value="case 1"/>
  <string key="segment" value="business"/>
  <event>
   <string key="concept:name" value="Anfrage"/>
   <date key="time:timestamp" value="2024-03-01T10:00:00.000+01:00"/>
   <string key="lifecycle:transition" value="complete"/>
   <int key="pieces" value="5"><string key="unit" value="nested"/></int>
   <list key="items"><string key="one" value="a"/></list>
  </event>
  <event>
   <string key="concept:name" value="Angebot"/>
   <date key="time:timestamp" value="2024-03-02T10:00:00Z"/>
  </event>
 </trace>
 <trace>
  <event>
   <string key="concept:name" value="Anfrage"/>
   <date key="time:timestamp" value="2024-03-03T10:00:00Z"/>
  </event>
  <string key="concept:name" value="case 2"/>
 </trace>
</log>
"""


@pytest.mark.parametrize("packed", [False, True])
def test_traces_are_persons_and_their_attributes_traits(write, packed):
    content = gzip.compress(LOG.encode()) if packed else LOG
    result = read(write(content, "log.xes.gz" if packed else "log.xes"))
    events = result.events
    assert events.column("person").to_pylist() == ["case 1", "case 1", "case 2"]
    assert events.column("name").to_pylist() == ["Anfrage", "Angebot", "Anfrage"]
    assert events.column("time").to_pylist()[0] == datetime(2024, 3, 1, 9, tzinfo=UTC)
    assert result.traits is not None
    assert result.traits.to_pylist() == [{"person": "case 1", "name": "segment", "value": "business"}]


def test_other_keys_of_events_become_properties(write):
    result = read(write(LOG, "log.xes"), ColumnMapping(properties=None))
    assert result.events.column("properties").to_pylist() == [
        '{"lifecycle:transition":"complete","pieces":5}',
        None,
        None,
    ]


def test_an_attribute_of_the_trace_can_be_asked_for_by_its_name(write):
    assert read(write(LOG, "log.xes"), ColumnMapping(attributes=("segment",))).traits is not None


def test_bad_events_are_kept_with_their_line(write):
    log = LOG.replace('value="2024-03-02T10:00:00Z"', 'value="soon"')
    result = read(write(log, "log.xes"))
    (rejected,) = result.rejected.to_pylist()
    assert (rejected["line"], rejected["column"]) == (15, "time:timestamp")
    assert "case 1" in rejected["row"]


def test_a_billion_laughs_are_refused_with_line_and_column(write):
    laughs = '<!DOCTYPE log [\n<!ENTITY a "ha">\n' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">\n' for i in range(9)
    )
    log = LOG.replace("<log", laughs + "]>\n<log", 1).replace("business", "&j;")
    with pytest.raises(FileError, match="document type or entities") as refused:
        read(write(log, "log.xes"))
    assert (refused.value.line, refused.value.column) == (2, 15)


def test_an_external_entity_is_refused(write, tmp_path):
    (tmp_path / "secret").write_text("secret")
    log = LOG.replace("<log", f'<!DOCTYPE log SYSTEM "file://{tmp_path}/secret"><log', 1)
    with pytest.raises(FileError, match="document type"):
        read(write(log, "log.xes"))


def test_a_packed_log_that_inflates_without_end_is_refused(write, monkeypatch):
    monkeypatch.setattr(opening, "FREE_UNPACKED", 1_000_000)
    log = LOG.replace("<trace>", " " * 50_000_000 + "<trace>", 1)
    with pytest.raises(FileError, match="unpacks to"):
        read(write(gzip.compress(log.encode()), "log.xes.gz"))


def test_a_packed_log_beyond_all_measure_is_refused_whatever_its_ratio(write, monkeypatch):
    monkeypatch.setattr(opening, "MOST_UNPACKED", 100)
    with pytest.raises(FileError, match="unpacks to"):
        read(write(gzip.compress(LOG.encode()), "log.xes.gz"))


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (LOG.replace("</event>", "</evnt>", 1), 14),
        (LOG[: LOG.index("<event>") + 40], 9),
        ("<?xml version='1.0'?>\n<svg/>", 2),
        ("<?xml version='1.0'?>\n", 2),
    ],
)
def test_what_is_no_log_is_refused_with_its_line(write, content, line):
    with pytest.raises(FileError) as refused:
        read(write(content, "log.xes"))
    assert refused.value.line == line


def test_a_log_without_events_is_refused(write):
    with pytest.raises(FileError, match="no events"):
        read(write("<log></log>", "log.xes"))


def test_a_damaged_packed_log_is_refused(write):
    packed = gzip.compress(LOG.encode())
    with pytest.raises(FileError, match="damaged"):
        read(write(packed[:-20], "log.xes.gz"))


def test_events_outside_of_traces_are_refused_rather_than_lost(write):
    log = LOG.replace("</log>", '<event><string key="concept:name" value="x"/></event></log>')
    with pytest.raises(FileError, match="outside") as refused:
        read(write(log, "log.xes"))
    assert refused.value.line == 27


def test_the_start_of_a_long_log_is_enough_for_a_preview(tmp_path):
    date = '<date key="time:timestamp" value="2024-03-01T10:00Z"/>'
    event = f'<event><string key="concept:name" value="e"/>{date}</event>\n'
    trace = f'<trace><string key="concept:name" value="c"/>{event * 100}</trace>\n'
    path = tmp_path / "log.xes"
    path.write_text("<log>" + trace * 3_000 + "</log>")
    look = preview(path)
    assert len(look.rows) == 20
    assert 200_000 < look.estimated_rows < 400_000


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)


@given(log=st.lists(st.lists(st.dictionaries(TEXT, TEXT, max_size=4), max_size=4), max_size=5))
def test_any_keys_and_values_are_read_as_they_stand(tmp_path_factory, log):
    traces = "".join(
        "<trace>"
        + "".join(
            "<event>"
            + "".join(f"<string key={quoteattr(k)} value={quoteattr(v)}/>" for k, v in event.items())
            + "</event>"
            for event in trace
        )
        + "</trace>"
        for trace in log
    )
    path = tmp_path_factory.mktemp("log") / "log.xes"
    path.write_text(f"<log>{traces}</log>", encoding="utf-8")
    events = [event for trace in log for event in trace]
    if not events:
        with pytest.raises(FileError):
            XesTable(path, "log.xes")
        return
    table = XesTable(path, "log.xes")
    rows = [row for batch in table.batches(table.columns) for row in batch.to_pylist()]
    assert [{k: v for k, v in row.items() if v is not None} for row in rows] == events
