"""Journeys built on what earlier builds kept are those of a whole build, to the byte."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from record_strategies import bindings, event, event_rows, event_table, trait_rows, trait_table

from wegmarke.record import bound_log, compacting, disk, laying, queries, reading, services, tiers
from wegmarke.record.contracts import BindingRule, Bindings, Persons, TouchpointBinding
from wegmarke.record.models import Batch, JourneyBuild, LogFile
from wegmarke.record.steps import compact_one
from wegmarke.record.tiers import Sizes

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 3, 1, tzinfo=UTC)
RULES = Bindings((TouchpointBinding("paying", (BindingRule("pay*"),)),), unbound_names_are_touchpoints=True)
OTHER_RULES = Bindings((TouchpointBinding("calling", (BindingRule("call"),)),))
WHO = ["anna", "bert", "çelik", ""]


@pytest.fixture
def memory(monkeypatch):
    """Spare the disk many small syncs, which are not the point, and merge files as soon as there are two."""
    monkeypatch.setattr(disk.os, "fsync", lambda _descriptor: None)
    monkeypatch.setattr(tiers, "FAN", 2)
    monkeypatch.setattr(tiers, "GROWTH", 2)
    monkeypatch.setattr(compacting, "ROWS", Sizes(floor=10_000, large=10**6, most=10**6))


def append(key, events, traits=()):
    services.append(events=event_table(events), traits=trait_table(traits), source="test", batch_key=key)


def build(rules: Bindings = RULES, of: Persons | None = None):
    return services.build_journeys(rules, plan_version="1", now=NOW, persons=of)


def files(built) -> dict[str, bytes]:
    """Return every byte of a build by the name of its file."""
    folder = Path(settings.DATA_DIR) / "journeys" / built.key
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def same_as_whole(rules: Bindings = RULES, of: Persons | None = None) -> bool:
    """Build on what is kept, then whole, and keep what was kept before."""
    extended = files(build(rules, of))
    kept, aside = bound_log.bound_folder(), Path(settings.DATA_DIR) / "aside"
    if kept.exists():
        kept.rename(aside)
    try:
        whole = files(build(rules, of))
    finally:
        shutil.rmtree(kept, ignore_errors=True)
        if aside.exists():
            aside.rename(kept)
    return extended == whole


def erase(person: str, key: str):
    for kind in ("events", "traits"):
        for partition in range(8):
            with services.writing() as log:
                log.rewrite(
                    kind=kind,
                    partition=partition,
                    transform=lambda rows: rows.filter(pc.not_equal(rows.column("person"), person)),
                    source="erasure",
                    batch_key=f"{key} {kind} {partition}",
                )


def start_anew():
    for model in (LogFile, Batch, JourneyBuild):
        model.objects.all().delete()
    for kind in ("events", "traits"):
        for file in (Path(settings.DATA_DIR) / "log" / kind).rglob("*.parquet"):
            file.unlink()


@dataclass
class World:
    """What the next build is of."""

    rules: Bindings = RULES
    of: Persons = field(default_factory=Persons)


def linked(one: str, other: str) -> Persons:
    if one == other:
        return Persons()
    return Persons(pa.array([one, other], pa.string()), pa.array([other, other], pa.string()))


steps = st.one_of(
    st.tuples(
        st.just("append"), st.tuples(st.lists(event_rows, max_size=8), st.lists(trait_rows, max_size=3))
    ),
    st.tuples(st.just("append"), st.tuples(st.lists(event_rows, max_size=8), st.just([]))),
    st.tuples(st.just("compact"), st.none()),
    st.tuples(st.just("erase"), st.sampled_from(WHO)),
    st.tuples(st.just("rules"), bindings(attributes=("segment",))),
    st.tuples(st.just("persons"), st.builds(linked, st.sampled_from(WHO), st.sampled_from(WHO))),
    st.tuples(st.just("build"), st.none()),
)


def take(verb: str, what, at: int, world: World):
    match verb:
        case "append":
            append(f"b{at}", *what)
        case "compact":
            while compact_one(NOW):
                pass
        case "erase":
            erase(what, f"e{at}")
        case "rules":
            world.rules = what
        case "persons":
            world.of = what
        case "build":
            build(world.rules, world.of)


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(todo=st.lists(steps, min_size=2, max_size=10))
def test_whatever_happened_between_two_builds_the_second_is_as_if_it_were_the_first(memory, todo):
    start_anew()
    world = World()
    for at, (verb, what) in enumerate(todo):
        take(verb, what, at, world)
    assert same_as_whole(world.rules, world.of)


@pytest.fixture
def read(monkeypatch):
    """Watch which files of the log are opened."""
    opened = []
    whole = reading.read_file

    def watched(layout, file):
        opened.append(file.path)
        return whole(layout, file)

    monkeypatch.setattr(reading, "read_file", watched)
    return opened


def of_events(opened) -> int:
    return sum(path.startswith("events") for path in opened)


def test_only_files_that_came_since_are_opened(read):
    append("a", [event(name=f"n{at}") for at in range(3)])
    build()
    read.clear()
    append("b", [event("bert", 7, "call")])
    build()
    assert of_events(read) == 1


def test_rows_that_were_merged_with_known_ones_count_once(memory, read):
    append("a", [event(name="one")])
    build()
    append("b", [event(second=3, name="two")])
    while compact_one(NOW + compacting.GRACE + timedelta(days=1)):
        pass
    assert build().touches == 2
    assert same_as_whole()


def test_rows_that_are_erased_are_in_nothing_that_is_kept():
    append("a", [event("canary-person", 1, "canary name"), event("bert", 2, "call")])
    build()
    erase("canary-person", "e")
    build()
    kept = b"".join(one.read_bytes() for one in bound_log.bound_folder().rglob("rows.bin"))
    ids = b"".join(one.read_bytes() for one in bound_log.bound_folder().rglob("ids.jsonl"))
    assert b"canary-person" not in ids
    assert len(kept) == bound_log.ROW.itemsize


def test_a_plan_whose_rules_are_the_same_binds_nothing_anew(monkeypatch):
    append("a", [event(name="pay")])
    build()
    bound = []
    monkeypatch.setattr(bound_log, "bound_events", lambda *a: bound.append(1) or laying.bound_events(*a))
    build(Bindings(RULES.touchpoints, phases=("use",), attributes=("segment",)))
    assert not bound
    build(Bindings((TouchpointBinding("paying", (BindingRule("other"),)),)))
    assert bound


@pytest.mark.parametrize("step", ["bound rows written", "journeys written"])
def test_a_build_that_is_cut_off_leaves_nothing_that_counts_twice(monkeypatch, step):
    append("a", [event(name="one")])
    build()
    append("b", [event(second=at, name=f"n{at}") for at in range(5)])

    def cut_off(reached):
        if reached == step:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(disk, "reached", cut_off)
        with pytest.raises(KeyboardInterrupt):
            build()
    append("c", [event(second=9, name="last")])
    assert build().touches == 7
    assert same_as_whole()


def test_another_database_from_a_backup_is_bound_from_the_beginning():
    append("a", [event(name="one"), event("bert", 1, "one")])
    build()
    start_anew()
    append("a", [event(name="two"), event("bert", 1, "two"), event("bert", 2, "two")])
    assert build().unbound_names == (("two", 3),)
    assert same_as_whole()


@pytest.mark.parametrize("name", ["state.json", "names.json"])
def test_what_is_kept_and_damaged_is_made_anew(name):
    append("a", [event(name="one")])
    build()
    for file in bound_log.bound_folder().rglob(name):
        file.write_bytes(b"{half")
    assert build().unbound_names == (("one", 1),)
    assert same_as_whole()


def test_names_of_before_an_erasure_are_forgotten_and_those_since_are_kept():
    append("a", [event("canary", 1, "canary name")])
    build()
    erase("canary", "e")
    bound_log.forget_older(1)
    assert bound_log.bound_folder().exists()
    bound_log.forget_older(2)
    assert not bound_log.bound_folder().exists()


def test_what_is_kept_can_be_forgotten():
    append("a", [event(name="one")])
    build()
    bound_log.forget()
    assert not bound_log.bound_folder().exists()
    assert build().touches == 1


def test_rules_that_come_back_after_a_build_with_others_was_cut_off_find_nothing_of_the_others(monkeypatch):
    append("a", [event(name="pay"), event(second=1, name="call")])
    build()

    def cut_off(reached):
        if reached == "bound rows written":
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(disk, "reached", cut_off)
        with pytest.raises(KeyboardInterrupt):
            build(OTHER_RULES)
    assert same_as_whole()


@pytest.mark.parametrize("other", [RULES, OTHER_RULES], ids=["same rules", "other rules"])
def test_wherever_a_build_is_cut_off_the_current_one_stays_and_the_next_one_is_right(monkeypatch, other):
    append("a", [event(who, at, name) for at, who in enumerate(WHO) for name in ("pay", "call")])
    current, reached_end, at = build(), False, 0
    while not reached_end:
        append(f"b{at}", [event(who, 100 + at, f"n{at}") for who in WHO[:2]])
        left = [at]

        def fsync(_descriptor, left=left):
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(disk.os, "fsync", fsync)
            try:
                current, reached_end = build(other), True
            except KeyboardInterrupt:
                assert queries.current_build() == current
        monkeypatch.setattr(disk.os, "fsync", lambda _descriptor: None)
        assert same_as_whole()
        current, at = queries.current_build(), at + 7
    assert at > 70, "a build syncs every file of every partition"
