"""Journeys are by person: as if every row had been written under the person's name from the beginning."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from record_strategies import event, event_rows, event_table, trait_rows, trait_table

from wegmarke.record import disk, layout, queries, reading, regrouping, services, steps
from wegmarke.record.contracts import Bindings, Persons
from wegmarke.record.errors import LogDamagedError
from wegmarke.record.models import Batch, JourneyBuild, LogFile

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 3, 1, tzinfo=UTC)
NO_PLAN = Bindings(unbound_names_are_touchpoints=True)
IDENTIFIERS = [f"p{at}" for at in range(12)]


def persons(**of: str) -> Persons:
    return Persons(pa.array(list(of), pa.string()), pa.array(list(of.values()), pa.string()))


def append(key, events, traits=()):
    services.append(events=event_table(events), traits=trait_table(traits), source="test", batch_key=key)


def build(of: Persons | None = None):
    return services.build_journeys(NO_PLAN, plan_version="1", now=NOW, persons=of)


def files(built) -> dict[str, bytes]:
    """Return every byte of a build by the name of its file."""
    folder = Path(settings.DATA_DIR) / "journeys" / built.key
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def lived(built) -> dict[str, list[str]]:
    found = {}
    for shard in queries.shards(built):
        journeys = shard.journeys
        for at, person in enumerate(shard.persons.to_pylist()):
            own = slice(int(journeys.offsets[at]), int(journeys.offsets[at + 1]))
            found[person] = [journeys.landscape.touchpoints[code] for code in journeys.touchpoint[own]]
    return found


@pytest.fixture
def memory(monkeypatch):
    """Spare the disk many small syncs, which are not the point."""
    monkeypatch.setattr(disk.os, "fsync", lambda _descriptor: None)


def start_anew():
    for model in (LogFile, Batch, JourneyBuild):
        model.objects.all().delete()
    for kind in ("events", "traits"):
        for file in (Path(settings.DATA_DIR) / "log" / kind).rglob("*.parquet"):
            file.unlink()


@st.composite
def mappings(draw) -> Persons:
    """Some persons of two to four identifiers, in any order."""
    left = draw(st.permutations(IDENTIFIERS))
    of: dict[str, str] = {}
    for size in draw(st.lists(st.integers(2, 4), max_size=3)):
        group, left = left[:size], left[size:]
        of |= dict.fromkeys(group, draw(st.sampled_from(group)))
    listed = draw(st.permutations(list(of)))
    return persons(**{one: of[one] for one in listed})


def replaced(rows, of: Persons):
    """Write the rows of everybody else, then those of each identifier in turn, under the person's name."""
    name = dict(zip(of.identifiers.to_pylist(), of.persons.to_pylist(), strict=True))
    place = {identifier: at for at, identifier in enumerate(name)}
    ordered = sorted(rows, key=lambda row: place.get(row["person"], -1))
    return [row | {"person": name.get(row["person"], row["person"])} for row in ordered]


someone = st.sampled_from(IDENTIFIERS)
logs = st.lists(
    st.tuples(
        st.lists(st.tuples(someone, event_rows).map(lambda pair: pair[1] | {"person": pair[0]}), max_size=25),
        st.lists(st.tuples(someone, trait_rows).map(lambda pair: pair[1] | {"person": pair[0]}), max_size=6),
    ),
    min_size=1,
    max_size=4,
)


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=logs, of=mappings())
def test_journeys_are_those_of_a_log_that_had_the_names_from_the_beginning_byte_for_byte(memory, batches, of):
    start_anew()
    for at, (events, traits) in enumerate(batches):
        append(f"b{at}", events, traits)
    linked = files(build(of))
    start_anew()
    events, traits = ([row for batch in batches for row in batch[kind]] for kind in (0, 1))
    append("all", replaced(events, of), replaced(traits, of))
    assert files(build()) == linked


def test_time_orders_the_events_of_all_identifiers_of_a_person():
    append("a", [event("visitor", 1, "look"), event("kim", 2, "buy"), event("other", 5, "look")])
    append("b", [event("visitor", 4, "return"), event("kim", 3, "pay")])
    assert lived(build(persons(visitor="kim", kim="kim"))) == {
        "kim": ["look", "buy", "pay", "return"],
        "other": ["look"],
    }
    assert lived(build())["visitor"] == ["look", "return"]


def test_at_the_same_moment_the_identifier_that_is_listed_first_comes_first():
    append("a", [event("kim", 1, "buy"), event("visitor", 1, "look")])
    assert lived(build(persons(visitor="kim", kim="kim")))["kim"] == ["look", "buy"]
    assert lived(build(persons(kim="kim", visitor="kim")))["kim"] == ["buy", "look"]


def test_merging_files_of_the_log_changes_no_journey():
    of = persons(visitor="kim", kim="kim", p3="p4", p4="p4")
    for at in range(12):
        append(f"b{at}", [event(one, at % 2, f"{one} {at}") for one in ("kim", "visitor", "p3", "p4", "p5")])
    before = files(build(of))
    count = LogFile.objects.filter(until=None).count()
    while steps.compact_one(NOW):
        pass
    assert LogFile.objects.filter(until=None).count() < count
    assert files(build(of)) == before


def test_only_the_traits_of_persons_with_several_identifiers_are_put_down(monkeypatch):
    traits = [{"person": one, "name": "segment", "value": "x"} for one in IDENTIFIERS]
    append("a", [event(one, 1) for one in IDENTIFIERS], traits)
    seen = []
    put_down = regrouping._Regrouped.put_down

    def watched(self):
        put_down(self)
        for file in self.folder.iterdir():
            with pa.memory_map(str(file)) as source:
                seen.extend(pa.ipc.open_stream(source).read_all().column("person").to_pylist())

    monkeypatch.setattr(regrouping._Regrouped, "put_down", watched)
    build(persons(p1="p2", p2="p2", p7="p2", nobody="nobody"))
    assert seen == ["p2"] * 3


def test_without_links_no_row_is_read_twice(monkeypatch):
    append("a", [event(one, 1) for one in IDENTIFIERS])
    read = []
    checked = reading._checked
    monkeypatch.setattr(reading, "_checked", lambda *args: read.append(args[1].path) or checked(*args))
    build(Persons())
    assert sorted(read) == sorted(LogFile.objects.values_list("path", flat=True))


def test_nothing_that_was_put_down_stays(data_dir):
    append("a", [event("visitor", 1), event("kim", 2)])
    built = build(persons(visitor="kim", kim="kim"))
    assert not (data_dir / "journeys" / built.key / "moved").exists()
    file = LogFile.objects.filter(partition=layout.partition_of("visitor", 8)).get()
    (data_dir / "log" / file.path).unlink()
    with pytest.raises(LogDamagedError):
        build(persons(visitor="kim", kim="kim"))
    assert {one.name for one in (data_dir / "journeys").iterdir() if one.is_dir()} == {built.key, "bound"}


def test_more_scales_than_one_file_could_hold_are_regrouped_as_well():
    for at in range(3):
        append(
            f"b{at}",
            [event("visitor", n, rating=1, scale=f"nonsense {at} {n}") for n in range(100)],
        )
    assert len(lived(build(persons(visitor="kim", kim="kim")))["kim"]) == 300


@pytest.mark.parametrize(
    ("identifiers", "names"),
    [(["a"], []), (["a", "a"], ["a", "a"]), (["a"], ["b"]), (["a", "b", "c"], ["b", "c", "c"])],
    ids=["lengths", "repeated", "name not listed", "a name that is somebody else's"],
)
def test_what_gives_an_identifier_no_single_person_is_refused(identifiers, names):
    with pytest.raises(ValueError, match=r"identifier|one person"):
        Persons(pa.array(identifiers, pa.string()), pa.array(names, pa.string()))


def test_a_build_with_links_still_makes_everything_durable(monkeypatch, data_dir):
    append("a", [event("visitor", 1), event("kim", 2)])
    steps_seen = []
    monkeypatch.setattr(disk, "reached", steps_seen.append)
    services.build_journeys(
        NO_PLAN,
        plan_version="1",
        now=NOW,
        persons=persons(visitor="kim", kim="kim"),
        progress=lambda done, count: steps_seen.append((done, count)),
    )
    assert steps_seen[-2:] == ["journeys written", (8, 8)]
    assert steps_seen.count((0, 8)) == 8
