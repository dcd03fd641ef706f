from __future__ import annotations

import os
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import transaction
from record_strategies import START, event, event_table, trait_table

from wegmarke.record import disk, log, mover, queries, services
from wegmarke.record.errors import InvalidBatchError, LogDamagedError, MoverBusyError, MoverFencedError
from wegmarke.record.layout import existing_log, open_log, partition_of
from wegmarke.record.models import Batch, LogFile, Mover
from wegmarke.record.reading import read_partition

pytestmark = pytest.mark.django_db


def batch(key, *, persons=40, **more):
    rows = [event(f"person {at}", at, f"{key}/{at}") for at in range(persons)]
    traits = [{"person": f"person {at}", "name": "segment", "value": key} for at in range(10)]
    return {
        "events": event_table(rows),
        "traits": trait_table(traits),
        "source": "test",
        "batch_key": key,
        **more,
    }


def names():
    """Count the event names the log holds, as its readers see it."""
    layout = existing_log()
    change = queries.log_state().change
    found = Counter()
    for partition in range(layout.partitions if layout else 0):
        found.update(read_partition(layout, "events", partition, change=change).column("name").to_pylist())
    return found


def named(*keys, persons=40):
    return Counter(f"{key}/{at}" for key in keys for at in range(persons))


def test_what_is_appended_can_be_read(data_dir):
    done = services.append(**batch("a"))
    assert (done.change, done.events, done.traits, done.known, done.settled) == (1, 40, 10, False, True)
    services.append(**batch("b"))
    assert names() == named("a", "b")
    state = queries.log_state()
    assert (state.rows, state.change, state.files) == (80, 2, LogFile.objects.count())


def test_the_same_batch_twice_does_nothing_and_says_so():
    calls = []
    services.append(**batch("a"), in_transaction=lambda: calls.append(1))
    again = services.append(**batch("a", persons=7), in_transaction=lambda: calls.append(2))
    assert (again.known, again.change, again.events) == (True, 1, 40)
    assert calls == [1]
    assert names() == named("a")


def test_what_the_caller_writes_stands_exactly_when_the_batch_does(data_dir):
    def fail():
        Batch.objects.create(batch_key="mine", sequence=99, source="", events=0, traits=0, created_at=START)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        services.append(**batch("a"), in_transaction=fail)
    assert not Batch.objects.exists()
    assert names() == Counter()
    assert not services.append(**batch("a")).known
    assert names() == named("a")
    assert list((data_dir / "log/_staging").iterdir()) == []


def test_an_empty_batch_is_a_batch():
    done = services.append(events=None, traits=None, source="test", batch_key="empty")
    assert (done.change, done.events) == (1, 0)
    assert services.append(events=None, traits=None, source="test", batch_key="empty").known
    assert queries.log_state().files == 0


def test_a_person_always_lies_in_the_same_partition(data_dir):
    services.append(**batch("a"))
    services.append(**batch("b"))
    seen = {}
    for file in (data_dir / "log/events").glob("*/*.parquet"):
        partition = int(file.parent.name.removeprefix("partition="))
        for person in pq.read_table(file, columns=["person"], partitioning=None).column("person").to_pylist():
            assert seen.setdefault(person, partition) == partition == partition_of(person, 8)
    assert len(seen) == 40


def test_the_hash_never_changes():
    assert partition_of("123456789", 2**32) == 0xCBF43926  # the published check value of CRC-32
    counts = Counter(partition_of(f"customer-{at}", 8) for at in range(80_000))
    assert all(9_000 < count < 11_000 for count in counts.values())


def test_the_number_of_partitions_is_fixed_when_the_log_is_made(settings):
    settings.RECORD_PARTITIONS = 2
    services.append(**batch("a"))
    settings.RECORD_PARTITIONS = 5
    services.append(**batch("b"))
    assert existing_log().partitions == 2
    assert set(LogFile.objects.values_list("partition", flat=True)) == {0, 1}


def test_order_of_arrival_is_kept_within_and_across_batches():
    for key in ("first", "second"):
        rows = [event("anna", 0, f"{key} {at}") for at in range(3)]
        services.append(events=event_table(rows), traits=None, source="test", batch_key=key)
    layout = existing_log()
    table = read_partition(layout, "events", partition_of("anna", 8), change=2)
    assert table.column("name").to_pylist() == [
        f"{key} {at}" for key in ("first", "second") for at in range(3)
    ]
    assert read_partition(layout, "events", partition_of("anna", 8), change=1).num_rows == 3


def test_all_columns_come_back_as_they_went_in():
    row = event("anna", rating=2.5, scale="csat", value=9.5, properties='{"a": 1}')
    services.append(events=event_table([row]), traits=None, source="test", batch_key="a")
    (back,) = read_partition(existing_log(), "events", partition_of("anna", 8), change=1).to_pylist()
    assert back == row
    file = LogFile.objects.get()
    assert (file.rows, file.first_time, file.last_time) == (1, START, START)


@pytest.mark.parametrize(
    "events",
    [
        pa.table({"person": ["anna"]}),
        event_table([event(None)]),
        event_table([event() | {"time": datetime(1969, 12, 31, tzinfo=UTC)}]),
        event_table([event() | {"time": datetime(2039, 1, 1, tzinfo=UTC)}]),
    ],
    ids=["columns missing", "nobody", "too early", "too late"],
)
def test_events_that_do_not_fit_are_refused_and_nothing_is_written(events, data_dir):
    with pytest.raises(InvalidBatchError):
        services.append(events=events, traits=None, source="test", batch_key="a")
    assert not Batch.objects.exists()
    assert list(data_dir.glob("log/*/*/*")) == []


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_batch_key_must_fit(key):
    with pytest.raises(InvalidBatchError, match="1 to 200"):
        services.append(**batch(key))


def test_every_file_and_folder_is_durable_before_the_next_step_relies_on_it(monkeypatch):
    services.append(**batch("earlier"))  # makes the folders
    happened = []
    fsync, rename = os.fsync, os.rename

    def watched_fsync(descriptor):
        fsync(descriptor)
        happened.append(("fsync", str(Path(f"/proc/self/fd/{descriptor}").readlink())))

    def watched_rename(source, target):
        rename(source, target)
        happened.append(("rename", str(source), str(target)))

    monkeypatch.setattr(disk.os, "fsync", watched_fsync)
    monkeypatch.setattr(disk.os, "rename", watched_rename)
    monkeypatch.setattr(disk, "reached", lambda step: happened.append(("reached", step)))
    services.append(**batch("a"))
    layout = existing_log()
    paths = list(LogFile.objects.filter(first_change=2).order_by("pk").values_list("path", flat=True))
    commit = happened.index(("reached", "before commit"))
    for path in paths:
        staged, final = str(layout.staged(path)), str(layout.committed(path))
        file_synced = happened.index(("fsync", staged))
        staging_synced = happened.index(("fsync", str(layout.staging)), file_synced)
        renamed = happened.index(("rename", staged, final))
        folder_synced = happened.index(("fsync", os.path.dirname(final)), renamed)  # noqa: PTH120 - a text
        assert file_synced < staging_synced < commit < renamed < folder_synced
    assert ("fsync", str(layout.staging)) in happened[commit:]
    assert len(paths) > 8


def test_the_batch_counts_only_from_the_commit_on(monkeypatch):
    seen = {}

    def look(step):
        if step in {"staged", "committed"}:
            seen[step] = Batch.objects.count()

    monkeypatch.setattr(disk, "reached", look)
    services.append(**batch("a"))
    assert (seen["staged"], seen["committed"]) == (0, 1)


@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
@pytest.mark.parametrize(
    "error", [OSError(28, "No space left"), OSError(5, "I/O error")], ids=["full", "broken"]
)
def test_a_disk_that_fails_at_any_call_leaves_the_log_whole(monkeypatch, settings, call, error):
    settings.RECORD_PARTITIONS = 2
    works = getattr(os, call)
    for failing in range(100):
        calls = {"left": failing}

        def broken(*arguments, calls=calls):
            calls["left"] -= 1
            if calls["left"] == -1:
                raise error
            return works(*arguments)

        before = names()
        with monkeypatch.context() as disk_fails:
            disk_fails.setattr(disk.os, call, broken)
            try:
                done = services.append(**batch(f"b{failing}"))
            except OSError as raised:
                assert raised is error  # noqa: PT017 - the other branch is as right
                done = None
        assert names() == before + (named(f"b{failing}") if done else Counter())
        if calls["left"] >= 0:
            break  # nothing failed: every call of one append has been tried
        recovered = services.recover()
        assert (recovered.missing, recovered.unknown) == ((), ())
        assert services.append(**batch(f"b{failing}")).known == (done is not None)
        assert names() == before + named(f"b{failing}")
    assert failing > 2
    layout = existing_log()
    assert list(layout.staging.iterdir()) == []


def test_files_committed_but_not_renamed_count_and_are_renamed_later(monkeypatch, caplog):
    def broken(source, target):
        raise OSError(5, "I/O error", str(source), None, str(target))

    layout = open_log()
    with monkeypatch.context() as disk_fails:
        disk_fails.setattr(disk, "rename", broken)
        done = services.append(**batch("a"))
    assert (done.known, done.settled) == (False, False)
    assert "could not be renamed" in caplog.text
    assert names() == named("a")
    services.append(**batch("b"))  # the next mover finishes it on its way
    assert list(layout.staging.iterdir()) == []
    assert names() == named("a", "b")


def test_recovery_puts_right_what_a_power_loss_left():
    services.append(**batch("a"))
    services.append(**batch("b"))
    layout = existing_log()
    path = LogFile.objects.filter(first_change=2).first().path
    layout.committed(path).rename(layout.staged(path))  # the rename was not durable
    (layout.staging / "events+partition=1+9-x.parquet").write_bytes(b"PAR1 half a fi")  # never committed
    assert names() == named("a", "b")  # readers find it in either place
    found = services.recover()
    assert (found.finished, found.removed) == ((path,), ("events+partition=1+9-x.parquet",))
    assert (found.missing, found.unknown) == ((), ())
    assert names() == named("a", "b")
    assert services.recover() == type(found)()


def test_recovery_reports_what_needs_a_person():
    services.append(**batch("a"))
    layout = existing_log()
    first, second = LogFile.objects.filter(kind="events")[:2]
    layout.committed(first.path).unlink()
    stray = layout.committed(second.path).with_name("stray.parquet")
    shutil.copy(layout.committed(second.path), stray)
    found = services.recover()
    assert found.missing == (first.path,)
    assert found.unknown == (stray.relative_to(layout.folder).as_posix(),)
    assert stray.exists()
    with pytest.raises(LogDamagedError, match="missing"):
        names()


def test_an_altered_file_is_noticed():
    services.append(**batch("a"))
    file = existing_log().committed(LogFile.objects.filter(kind="events").first().path)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(LogDamagedError, match="checksum"):
        names()


def test_a_description_nobody_knows_is_refused(data_dir):
    services.append(**batch("a"))
    for text in ('{"format": 2, "partitions": 8, "hash": "crc32"}', "{", '{"format": 1}'):
        (data_dir / "log/log.json").write_text(text)
        with pytest.raises(LogDamagedError, match=r"log\.json"):
            services.recover()


def test_recovery_before_the_first_batch_finds_nothing():
    assert services.recover() == log.Recovered()
    assert existing_log() is None


def test_a_second_mover_waits_and_then_gives_up():
    layout = open_log()
    with mover.hold(layout), pytest.raises(MoverBusyError), mover.hold(layout, wait=0.05):
        pytest.fail("two movers at a time")
    services.append(**batch("a"))


def test_a_mover_that_was_overtaken_commits_nothing():
    def overtake():
        Mover.objects.update(token="somebody else")

    layout = open_log()
    with mover.hold(layout) as held:
        overtake()
        with pytest.raises(MoverFencedError), transaction.atomic():
            held.confirm()


def test_an_overtaken_batch_can_be_sent_again(monkeypatch):
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(
            disk, "reached", lambda step: step == "staged" and Mover.objects.update(token="somebody else")
        )
        with pytest.raises(MoverFencedError):
            services.append(**batch("a"))
    assert names() == Counter()
    assert not services.append(**batch("a")).known
    assert names() == named("a")


@pytest.mark.django_db(transaction=True)
def test_appending_inside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        services.append(**batch("a"))
    assert not services.append(**batch("a")).known
