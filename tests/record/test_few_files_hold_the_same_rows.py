from __future__ import annotations

import os
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from record_strategies import event, event_table, trait_table

from wegmarke.record import compacting, disk, queries, services, tiers
from wegmarke.record.binding import bind
from wegmarke.record.contracts import Bindings, Known, MessageIds, Recovered
from wegmarke.record.errors import LogDamagedError, LogMovedOnError
from wegmarke.record.layout import existing_log
from wegmarke.record.models import Batch, LogFile, Mover
from wegmarke.record.reading import read_file, read_named, read_partition
from wegmarke.record.steps import compact_one
from wegmarke.record.tiers import Sizes, run_to_merge

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, tzinfo=UTC)
LATER = NOW + compacting.GRACE + timedelta(seconds=1)
PERSONS = ["anna", "bert", "çelik", "dora"]
PARTITIONS = 2


@pytest.fixture(autouse=True)
def small(monkeypatch, settings):
    """Merge every two neighbours that are alike, of two partitions."""
    settings.RECORD_PARTITIONS = PARTITIONS
    monkeypatch.setattr(tiers, "FAN", 2)
    monkeypatch.setattr(tiers, "GROWTH", 2)
    for name in ("ROWS", "MESSAGE_IDS"):
        monkeypatch.setattr(compacting, name, Sizes(floor=10_000, large=10**6, most=10**6))


def batch(key, persons=PERSONS):
    rows = [event(person, at, f"{key}/{at}") for at, person in enumerate(persons)]
    traits = [{"person": person, "name": "segment", "value": key} for person in persons]
    return {"events": event_table(rows), "traits": trait_table(traits), "source": "test", "batch_key": key}


def ids_of(key):
    words = np.random.default_rng(list(key.encode())).integers(0, 2**64, (3, 5), np.uint64)
    return MessageIds(*words)


def append(key, persons=PERSONS):
    with services.writing() as writer:
        return writer.append(**batch(key, persons), ids=ids_of(key))


def known(key):
    with services.writing() as writer:
        return set(writer.known(ids_of(key)).tolist())


def compact(now=NOW):
    while compact_one(now):
        pass


def rows_of(table):
    """Name each row, in order: an event by its name, a trait by person and value."""
    columns = ("name",) if "time" in table.column_names else ("person", "value")
    return list(zip(*(table.column(one).to_pylist() for one in columns), strict=True))


def read(change=None):
    """Return all rows of the log as of one change, per kind and partition, in order."""
    layout = existing_log()
    change = queries.log_state().change if change is None else change
    return {
        (kind, at): rows_of(read_partition(layout, kind, at, change=change))
        for kind in ("events", "traits")
        for at in range(layout.partitions)
    }


def plain_look():
    """Return the same as another program sees it that reads the files of each folder in order of name."""
    found = {}
    for kind in ("events", "traits"):
        for at in range(PARTITIONS):
            files = sorted((existing_log().folder / kind / f"partition={at}").glob("*.parquet"))
            found[kind, at] = [row for file in files for row in rows_of(pq.ParquetFile(file).read())]
    return found


def standing_files(kind):
    return LogFile.objects.filter(kind=kind, until=None).count()


def forget_everything(data_dir):
    for model in (LogFile, Batch, Mover):
        model.objects.all().delete()
    shutil.rmtree(data_dir / "log", ignore_errors=True)


actions = st.one_of(
    st.tuples(st.just("append"), st.lists(st.sampled_from(PERSONS), max_size=4)),
    st.tuples(st.just("compact"), st.none()),
    st.tuples(st.just("erase"), st.sampled_from(PERSONS)),
    st.tuples(st.just("forget"), st.none()),
)


def erase(person, key):
    with services.writing() as writer:
        for kind in ("events", "traits"):
            for at in range(PARTITIONS):
                writer.rewrite(
                    kind=kind,
                    partition=at,
                    transform=lambda rows: rows.filter(pa.compute.not_equal(rows.column("person"), person)),
                    source="test",
                    batch_key=f"{key} {kind} {at}",
                    now=NOW,
                )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(todo=st.lists(actions, min_size=3, max_size=14))
@example(todo=[("append", PERSONS[1:]), ("erase", "anna"), ("compact", None)])  # one of two was rewritten
@example(
    todo=[("append", PERSONS), ("compact", None), ("erase", "anna"), ("append", PERSONS), ("compact", None)]
)
def test_whoever_reads_as_of_a_change_reads_the_same_whatever_happens_meanwhile(data_dir, todo):
    forget_everything(data_dir)
    append("first")
    seen, now = {1: read()}, NOW
    for at, (verb, what) in enumerate(todo):
        before, change = read(), queries.log_state().change
        if verb == "append":
            append(f"b{at}", what)
        elif verb == "compact":
            compact(now)
            assert queries.log_state().change == change
            assert read() == before
        elif verb == "erase":
            erase(what, f"e{at}")
            assert what not in {row[0] for key, rows in read().items() if key[0] == "traits" for row in rows}
        else:
            now += compacting.GRACE + timedelta(seconds=1)
            compact(now)
        seen[queries.log_state().change] = read()
        assert plain_look() == read()
        oldest = Mover.objects.get().readable_from
        for past, rows in seen.items():
            if past >= oldest:
                assert read(past) == rows
            else:
                with pytest.raises(LogMovedOnError, match="start again"):
                    read(past)
        events = sum(len(rows) for (kind, _at), rows in read().items() if kind == "events")
        assert queries.log_state().rows == events
    assert services.recover() == Recovered()


def test_compaction_leaves_few_files_in_order_of_arrival():
    for at in range(9):
        append(f"b{at}")
    expected = read()
    compact()
    assert read() == expected == plain_look()
    assert [row for row in expected["events", 0] if row[0].startswith("b8")] == expected["events", 0][-2:]
    assert {kind: standing_files(kind) for kind in ("events", "traits", "ids")} == {
        "events": PARTITIONS,
        "traits": PARTITIONS,
        "ids": 1,
    }
    assert {key for at in range(9) for key in known(f"b{at}")} == {Known.SAME}
    file = LogFile.objects.filter(kind="events", until=None).order_by("first_change").first()
    assert (file.first_change, file.last_change, file.rows) == (1, 9, 18)
    times = read_partition(existing_log(), "events", file.partition, change=9).column("time").to_pylist()
    assert (file.first_time, file.last_time) == (min(times), max(times))


def test_before_the_first_batch_there_is_nothing_to_compact(data_dir):
    assert not compact_one(NOW)
    assert list(data_dir.iterdir()) == []


def test_journeys_are_the_same_to_the_byte_from_few_files_as_from_many(data_dir):
    for at in range(4):
        append(f"b{at}")
    bindings = Bindings(unbound_names_are_touchpoints=True)
    many = services.build_journeys(bindings, plan_version="1", now=NOW)
    before = content_of(data_dir / "journeys" / many.key)
    compact()
    few = services.build_journeys(bindings, plan_version="1", now=LATER)
    assert (few.change, few.events, few.touches) == (many.change, many.events, many.touches)
    assert content_of(data_dir / "journeys" / few.key) == before
    assert len(before) > 6 * PARTITIONS


def content_of(folder):
    """Return every byte of a build."""
    return {
        file.relative_to(folder): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
    }


def test_rows_of_a_later_change_never_move_into_an_earlier_one():
    append("a")
    early = read()
    append("b")
    compact()
    assert standing_files("events") == PARTITIONS
    assert read(1) == early
    assert read(2) != early
    names = read_named(existing_log(), 0, lambda _name: True, change=1, columns=("name",))
    assert [(name,) for name in names.column("name").to_pylist()] == early["events", 0]


def test_a_replaced_file_stays_for_its_readers_and_then_goes():
    append("a")
    append("b")
    expected = read()
    compact(NOW)
    aside = existing_log().aside
    replaced = len(list(aside.iterdir()))
    assert replaced == 2 * (2 * PARTITIONS + 1) == LogFile.objects.exclude(until=None).count()
    compact(NOW + compacting.GRACE)
    assert len(list(aside.iterdir())) == replaced
    compact(LATER)
    assert list(aside.iterdir()) == []
    assert not LogFile.objects.exclude(until=None).exists()
    assert read() == expected
    with pytest.raises(LogMovedOnError, match="as of change 1"):
        read(1)


def test_a_reader_that_slept_too_long_is_told_to_start_again():
    append("a")
    append("b")
    layout = existing_log()
    listed = LogFile.objects.filter(kind="events").first()
    compact(NOW)
    compact(LATER)
    with pytest.raises(LogMovedOnError, match="start again"):
        read_file(layout, listed)


def test_whoever_reads_during_a_swap_finds_every_file_and_nothing_twice(monkeypatch):
    for at in range(4):
        append(f"b{at}")
    expected, listed = read(), LogFile.objects.filter(kind="events")
    seen = []

    def look(step):
        assert read() == expected
        assert all(layout_file_is_there(file) for file in listed)
        counted = Counter(row for rows in plain_look().values() for row in rows)
        assert counted <= Counter(row for rows in expected.values() for row in rows)
        seen.append(step)

    monkeypatch.setattr(disk, "reached", look)
    compact()
    monkeypatch.undo()
    assert {"merged", "before commit", "committed", "renamed"} <= set(seen)


def layout_file_is_there(file):
    return any(place.exists() for place in existing_log().places(file.path))


@pytest.mark.parametrize("call", ["write", "pwrite", "fsync", "rename", "unlink"])
@pytest.mark.parametrize("error", [OSError(28, "No space left"), OSError(5, "I/O error")], ids=str)
def test_a_disk_that_fails_at_any_call_of_a_compaction_leaves_the_log_whole(monkeypatch, call, error):
    append("a")
    append("b")
    expected = read()
    works = getattr(os, call)
    failed = 0
    for failing in range(200):
        calls = {"left": failing}

        def broken(*arguments, calls=calls, **more):
            calls["left"] -= 1
            if calls["left"] == -1:
                raise error
            return works(*arguments, **more)

        with monkeypatch.context() as disk_fails:
            disk_fails.setattr(os, call, broken)
            try:
                compact(LATER)
                compact(LATER + 2 * compacting.GRACE)
            except OSError as raised:
                assert raised is error  # noqa: PT017 - the other branch is as right
        assert read() == expected
        assert known("a") == known("b") == {Known.SAME}
        if calls["left"] >= 0:
            break
        failed += 1
        recovered = services.recover()
        assert (recovered.missing, recovered.unknown) == ((), ())
        assert read() == expected == plain_look()
    assert failed > 0
    compact(LATER + 4 * compacting.GRACE)
    layout = existing_log()
    for folder in (layout.staging, layout.aside, layout.compacting):
        assert list(folder.iterdir()) == []
    assert standing_files("events") == PARTITIONS


def test_what_a_cut_off_compaction_left_is_removed_by_the_next(monkeypatch):
    append("a")
    append("b")
    expected = read()

    def cut_off(step):
        if step == "merged":
            raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(disk, "reached", cut_off)
        with pytest.raises(KeyboardInterrupt):
            compact_one(NOW)
    assert len(list(existing_log().compacting.iterdir())) == 1
    compact()
    assert list(existing_log().compacting.iterdir()) == []
    assert read() == expected == plain_look()


def test_leftovers_are_removed_even_where_there_is_nothing_to_merge():
    append("a")
    (existing_log().compacting / "events+partition=0+1-2-x.parquet").write_bytes(b"half a fi")
    compact()
    assert list(existing_log().compacting.iterdir()) == []


def test_rows_that_were_rewritten_while_they_were_merged_stay_rewritten(monkeypatch):
    append("a")
    append("b")

    def erase_meanwhile(step):
        if step == "merged":
            monkeypatch.setattr(disk, "reached", lambda _step: None)
            erase("anna", "erasure")

    monkeypatch.setattr(disk, "reached", erase_meanwhile)
    compact()
    left = {row[0] for (kind, _at), rows in read().items() if kind == "traits" for row in rows}
    assert left == set(PERSONS) - {"anna"}
    assert plain_look() == read()
    compact(LATER)
    assert b"anna" not in b"".join(
        pq.read_table(file, columns=["person"], partitioning=None).column("person").to_string().encode()
        for file in existing_log().folder.rglob("*.parquet")
    )


def test_two_compactions_at_a_time_do_not_disturb_each_other():
    append("a")
    append("b")
    with disk.locked(existing_log().folder / ".compacting", wait=0):
        assert not compact_one(NOW)
    compact()
    assert standing_files("events") == PARTITIONS


def test_rewriting_is_done_once_and_counts_what_is_gone():
    append("a")
    told = []

    def call(key="erasure"):
        with services.writing() as writer:
            return writer.rewrite(
                kind="traits",
                partition=0,
                transform=lambda rows: rows.slice(0, 0),
                source="test",
                batch_key=key,
                in_transaction=told.append,
            )

    done = call()
    assert (done.change, done.removed, done.known, done.settled) == (
        2,
        len(read(1)["traits", 0]),
        False,
        True,
    )
    again = call()
    assert (again.change, again.removed, again.known) == (2, 0, True)
    assert told == [done.removed]
    assert read()["traits", 0] == []
    assert read()["events", 0] == read(1)["events", 0]
    nothing = call("another")
    assert (nothing.change, nothing.removed) == (3, 0)


def test_a_rewriting_whose_caller_fails_changes_nothing():
    append("a")
    before = read()

    def fail(_removed):
        raise RuntimeError

    with services.writing() as writer, pytest.raises(RuntimeError):
        writer.rewrite(
            kind="events",
            partition=0,
            transform=lambda rows: rows.slice(0, 1),
            source="test",
            batch_key="erasure",
            in_transaction=fail,
        )
    assert queries.log_state().change == 1
    services.recover()
    assert read() == before == plain_look()


def test_files_put_aside_are_taken_back_where_an_older_database_was_restored():
    append("a")
    append("b")
    expected = read()
    older = list(LogFile.objects.all())
    compact()
    LogFile.objects.all().delete()
    LogFile.objects.bulk_create(older)
    found = services.recover()
    assert found.missing == ()
    assert len(found.unknown) == 2 * PARTITIONS + 1  # what was merged since
    assert set(found.finished) == {file.path for file in older}
    assert read() == expected


def test_a_file_that_is_missing_is_still_told_from_one_that_was_replaced():
    append("a")
    append("b")
    compact()
    existing_log().committed(LogFile.objects.filter(kind="events", until=None).first().path).unlink()
    with pytest.raises(LogDamagedError, match="missing"):
        read()


def test_more_scales_than_a_file_has_codes_for_stop_neither_compaction_nor_journeys():
    for at in range(2):
        rows = [event("anna", n, rating=1, scale=f"scale {at}-{n}") for n in range(100)]
        services.append(events=event_table(rows), traits=None, source="test", batch_key=f"{at}")
    before = queries.log_state().rows
    compact()
    partition = LogFile.objects.get(kind="events", until=None).partition
    table = read_partition(existing_log(), "events", partition, change=2)
    assert table.num_rows == before == 200
    assert table.column("scale").to_pylist() == [f"scale {at}-{n}" for at in range(2) for n in range(100)]
    assert not bind(table, Bindings()).experience.any()


@given(st.lists(st.integers(1, 10**6), max_size=60))
def test_only_worthwhile_runs_of_small_neighbours_are_merged_and_merging_ends(sizes):
    limits = Sizes(floor=100, large=200_000, most=400_000)
    turns = 0
    while (run := run_to_merge(sizes, limits)) is not None:
        own = [sizes[at] for at in run]
        assert len(own) >= 2
        assert max(own) < limits.large
        assert sum(max(size, limits.floor) for size in own) <= limits.most
        sizes = [*sizes[: run.start], sum(own), *sizes[run.stop :]]
        turns += 1
        assert turns < 60


def test_of_very_many_small_files_a_step_merges_only_so_many():
    limits = Sizes(floor=100, large=10**9, most=10**9)
    assert run_to_merge([100] * 10_000, limits) == range(tiers.LONGEST)
    assert run_to_merge([10**6, *[100] * 10_000], limits) == range(1, 1 + tiers.LONGEST)


@pytest.mark.parametrize("batches", [1, 7, 8, 64, 65, 1000])
def test_files_grow_in_number_like_a_logarithm_and_rows_are_seldom_written_anew(monkeypatch, batches):
    monkeypatch.setattr(tiers, "FAN", 8)
    monkeypatch.setattr(tiers, "GROWTH", 4)
    sizes, written = [], 0
    for _batch in range(batches):
        sizes.append(1000)
        while (run := run_to_merge(sizes, Sizes(floor=1, large=10**9, most=10**9))) is not None:
            written += sum(sizes[at] for at in run)
            sizes[run.start : run.stop] = [sum(sizes[at] for at in run)]
    assert len(sizes) <= 7 * len(np.base_repr(batches, 8))
    assert written <= 1000 * batches * (len(np.base_repr(batches, 4)) - 1)
