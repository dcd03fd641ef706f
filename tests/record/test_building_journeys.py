from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from record_strategies import event, event_table, trait_table

from wegmarke.analysis.errors import InvalidJourneysError
from wegmarke.record import building, disk, queries, running, services, shards
from wegmarke.record.contracts import BindingRule, Bindings, TouchpointBinding
from wegmarke.record.errors import BuildGoneError, BuildRunningError, LogDamagedError
from wegmarke.record.laying import lay_out, period_of
from wegmarke.record.models import JourneyBuild, LogFile

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 3, 1, tzinfo=UTC)
NO_PLAN = Bindings(unbound_names_are_touchpoints=True)
RULES = Bindings((TouchpointBinding("pay", (BindingRule("name 1*"),), phase="buy"),), phases=("buy",))


def some_events(count=300, persons=40, kinds=30, seed=1):
    random = np.random.default_rng(seed)
    rows = [
        event(
            f"p{random.integers(persons)}",
            int(random.integers(5000)),
            f"name {random.integers(kinds)}",
            value=at,
        )
        for at in range(count)
    ]
    traits = [
        {"person": f"p{at}", "name": "city", "value": f"city {random.integers(6)}"}
        for at in range(0, persons, 2)
    ]
    return event_table(rows), trait_table(traits)


def append(key, events, traits=None):
    services.append(events=events, traits=traits, source="test", batch_key=key)


def lived(all_shards):
    """Say what each person lived through, with their attributes."""
    result = {}
    for shard in all_shards:
        journeys = shard.journeys
        for at, person in enumerate(shard.persons.to_pylist()):
            own = slice(int(journeys.offsets[at]), int(journeys.offsets[at + 1]))
            touches = [
                (int(second) + journeys.epoch, journeys.landscape.touchpoints[code], str(value))
                for second, code, value in zip(
                    journeys.time[own], journeys.touchpoint[own], journeys.value[own], strict=True
                )
            ]
            result[person] = (touches, {a.name: a.labels[a.codes[at]] for a in journeys.attributes})
    return result


@pytest.mark.parametrize("bindings", [NO_PLAN, RULES], ids=["no plan", "rules"])
@pytest.mark.parametrize("kinds", [30, 400], ids=["8 bits", "16 bits"])
def test_journeys_from_the_log_are_those_laid_out_in_memory(bindings, kinds):
    events, traits = some_events(kinds=kinds, count=1500)
    for at in range(0, 1500, 500):
        append(f"b{at}", events.slice(at, 500), traits if at == 0 else None)
    build = services.build_journeys(bindings, plan_version="7", now=NOW)
    built, whole = queries.shards(build), lay_out(events, bindings, traits=traits)
    assert lived(built) == lived([whole])
    running.chunks(built)  # raises unless they share landscape, epoch and labels
    assert built[0].journeys.landscape == whole.journeys.landscape
    assert built[0].journeys.attributes[0].labels == whole.journeys.attributes[0].labels
    assert {one.journeys.touchpoint.dtype for one in built} == {whole.journeys.touchpoint.dtype}
    assert sum(one.unbound for one in built) == whole.unbound
    assert len(built) == 8
    assert build.period == period_of([whole])
    assert (build.persons, build.touches) == (whole.journeys.persons, whole.journeys.touches)


def test_a_build_knows_what_it_was_made_of():
    append("a", event_table([event(name="x"), event("bert", 5, "y"), event("bert", 7, "x")]))
    build = services.build_journeys(RULES, plan_version="7", now=NOW)
    assert (build.plan_version, build.change, build.events, build.built_at) == ("7", 1, 3, NOW)
    assert (build.unbound, build.unbound_names, build.period) == (3, (("x", 2), ("y", 1)), None)
    assert queries.current_build() == build


def test_undocumented_names_are_counted_even_where_they_are_touchpoints_and_200_are_kept():
    append("a", event_table([event(name=f"n{at:03d}") for at in range(250)] + [event(name="n249")]))
    build = services.build_journeys(NO_PLAN, plan_version="", now=NOW)
    assert build.unbound == 251
    assert len(build.unbound_names) == 200
    assert build.unbound_names[:2] == (("n249", 2), ("n000", 1))
    assert sum(shard.unbound for shard in queries.shards(build)) == 0


def test_before_the_first_event_there_is_an_empty_build_and_before_that_none():
    assert queries.current_build() is None
    build = services.build_journeys(RULES, plan_version="1", now=NOW)
    assert (build.events, build.persons, build.touches) == (0, 0, 0)
    assert running.chunks(queries.shards(build))[0].persons == 0


def test_partitions_nobody_falls_into_are_empty_shards():
    append(
        "a", event_table([event(name="name 1")]), trait_table([{"person": "anna", "name": "a", "value": "b"}])
    )
    built = queries.shards(services.build_journeys(RULES, plan_version="1", now=NOW))
    assert sorted(shard.journeys.persons for shard in built) == [0] * 7 + [1]
    assert all(shard.journeys.attributes[0].labels == ("b",) for shard in built)


def test_later_events_come_in_with_the_next_build_and_the_one_before_stays_for_its_readers():
    append("a", event_table([event(name="name 1")]))
    first = services.build_journeys(RULES, plan_version="1", now=NOW)
    append("b", event_table([event(second=9, name="name 1")]))
    reading = queries.shards(first)
    second = services.build_journeys(RULES, plan_version="1", now=NOW + timedelta(hours=1))
    assert queries.current_build() == second
    assert sum(shard.journeys.touches for shard in queries.shards(second)) == 2
    shards.open_shards.cache_clear()
    assert lived(queries.shards(first)) == lived(reading)


def test_older_builds_are_removed_but_whoever_reads_them_reads_on(data_dir):
    append("a", event_table([event(name="name 1")]))
    builds = [services.build_journeys(RULES, plan_version="1", now=NOW + timedelta(hours=1))]
    reading = queries.shards(builds[0])
    before = lived(reading)
    builds += [
        services.build_journeys(RULES, plan_version="1", now=NOW + timedelta(hours=at)) for at in (2, 3)
    ]
    folders = {folder.name for folder in (data_dir / "journeys").iterdir() if folder.is_dir()}
    assert folders == {builds[1].key, builds[2].key, "bound"}
    assert set(JourneyBuild.objects.values_list("key", flat=True)) == folders - {"bound"}
    assert lived(reading) == before
    shards.open_shards.cache_clear()
    with pytest.raises(BuildGoneError):
        queries.shards(builds[0])


def test_shards_are_mapped_once_per_process():
    append("a", event_table([event(name="name 1")]))
    build = services.build_journeys(RULES, plan_version="1", now=NOW)
    assert queries.shards(build) is queries.shards(queries.current_build())


@pytest.mark.parametrize("breaks", ["damaged log", "invalid bindings", "disk"])
def test_a_build_that_fails_leaves_the_current_one_and_nothing_else(data_dir, monkeypatch, breaks):
    append("a", event_table([event(name="name 1")]))
    good = services.build_journeys(RULES, plan_version="1", now=NOW)
    bindings, error = RULES, LogDamagedError
    if breaks == "damaged log":
        (data_dir / "log" / LogFile.objects.get().path).unlink()
    elif breaks == "invalid bindings":
        bindings, error = Bindings(RULES.touchpoints), InvalidJourneysError
    else:
        error = OSError
        monkeypatch.setattr(disk.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(error):
        services.build_journeys(bindings, plan_version="2", now=NOW)
    assert queries.current_build() == good
    folders = {folder.name for folder in (data_dir / "journeys").iterdir() if folder.is_dir()}
    assert folders == {good.key, "bound"}
    assert sum(shard.journeys.touches for shard in queries.shards(good)) == 1


def test_two_builds_at_a_time_are_refused(data_dir):
    services.build_journeys(RULES, plan_version="1", now=NOW)
    with disk.locked(data_dir / "journeys/.building", wait=0) as held, pytest.raises(BuildRunningError):
        services.build_journeys(RULES, plan_version="1", now=NOW)
    assert held


def test_everything_is_durable_before_the_build_is_current(data_dir, monkeypatch):
    append(
        "a", event_table([event(name="name 1")]), trait_table([{"person": "anna", "name": "a", "value": "b"}])
    )
    synced, fsync = set(), disk.os.fsync

    def watched(descriptor):
        fsync(descriptor)
        synced.add(str(building.Path(f"/proc/self/fd/{descriptor}").readlink()))

    monkeypatch.setattr(disk.os, "fsync", watched)
    at_commit = {}
    monkeypatch.setattr(disk, "reached", lambda step: at_commit.setdefault(step, set(synced)))
    build = services.build_journeys(RULES, plan_version="1", now=NOW)
    folder = data_dir / "journeys" / build.key
    files = {str(path) for path in [folder, *folder.rglob("*")]}
    assert len(files) == 1 + 1 + 8 * 8  # folder, description, eight shards with seven files each
    assert files <= at_commit["journeys written"]


def test_a_name_no_database_can_keep_is_counted_without_its_zero_byte():
    append("a", event_table([event("p", 0, "left\0behind"), event("p", 1, "left\0behind"), event("p", 2)]))
    build = building.build_journeys(RULES, plan_version="1", now=NOW)
    assert ("leftbehind", 2) in queries.current_build().unbound_names
    assert build.events == 3
