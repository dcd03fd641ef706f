from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from record_strategies import event, event_table

from wegmarke.record import compacting, disk, ids, services, tiers
from wegmarke.record.contracts import Known, MessageIds
from wegmarke.record.errors import InvalidBatchError, LogDamagedError, MoverBusyError
from wegmarke.record.layout import existing_log
from wegmarke.record.models import Batch, LogFile
from wegmarke.record.steps import compact_one

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TOP = 2**64 - 1

# few upper and lower halves, so that they meet in every way; the borders of the type among them
halves = st.sampled_from([0, 1, 2, 3, 2**63, TOP - 1, TOP])
messages = st.lists(st.tuples(halves, halves, st.sampled_from([0, 1, TOP])), max_size=30)


def message_ids(rows):
    columns = np.array(rows, np.uint64).reshape(-1, 3).T
    return MessageIds(*columns)


def many(count, seed=1):
    return MessageIds(*np.random.default_rng(seed).integers(0, 2**64, (3, count), np.uint64))


def judged_slowly(rows, known):
    """Judge one id after the other; `known` is a dictionary from id to content, and stays as it is."""
    seen = dict(known)
    verdict = []
    for high, low, content in rows:
        if (high, low) not in seen:
            seen[high, low] = content
            verdict.append(Known.NEW)
        else:
            verdict.append(Known.SAME if seen[high, low] == content else Known.DIFFERENT)
    return verdict


def different(rows):
    return list({(high, low): (high, low, content) for high, low, content in rows}.values())


def as_files(batches, folder):
    """Write each batch as a file; return them opened."""
    files = []
    for at, rows in enumerate(batches):
        path = folder / f"{at}.ids"
        disk.write(path, ids.sorted_columns(message_ids(rows)).tobytes())
        files.append(ids.opened(path, len(rows)))
    return files


@given(st.lists(messages, max_size=4), messages)
def test_ids_in_files_are_found_as_in_a_dictionary(tmp_path_factory, batches, rows):
    known, written = {}, []
    for batch in map(different, batches):
        new = [row for row in batch if row[:2] not in known]
        known |= {row[:2]: row[2] for row in new}
        written += [new] if new else []
    files = as_files(written, tmp_path_factory.mktemp("ids"))
    assert ids.judge(message_ids(rows), files).tolist() == judged_slowly(rows, known)


@given(st.lists(messages.map(different).filter(len), min_size=1, max_size=4), st.integers(1, 40))
def test_merged_files_are_one_sorted_file_of_the_same_ids(tmp_path_factory, batches, block):
    folder = tmp_path_factory.mktemp("ids")
    rows = sum(len(batch) for batch in batches)
    blocks = list(ids.merged(as_files(batches, folder), block))
    disk.write_columns(folder / "merged", rows, blocks)
    merged = ids.opened(folder / "merged", rows)
    back = list(zip(*(column.tolist() for column in (merged.high, merged.low, merged.content)), strict=True))
    assert sorted(back) == sorted(row for batch in batches for row in batch)
    assert [row[:2] for row in back] == sorted(row[:2] for row in back)


def test_merging_takes_no_more_of_each_file_at_a_time_than_a_block(tmp_path):
    rows = [np.stack([one.high, one.low, one.content], 1).tolist() for one in (many(500, 1), many(90, 2))]
    blocks = list(ids.merged(as_files(rows, tmp_path), 20))
    assert sum(block.shape[1] for block in blocks) == 590
    assert max(block.shape[1] for block in blocks) <= 2 * 20


@pytest.mark.django_db
def test_a_million_ids_are_known_and_a_million_others_are_not():
    known, others = many(1_000_000), many(1_000_000, seed=2)
    with services.writing() as writer:
        assert not writer.known(known).any()
        writer.append(events=None, traits=None, ids=known, source="test", batch_key="a")
        assert (writer.known(known) == Known.SAME).all()
        assert not writer.known(others).any()
        changed = MessageIds(known.high, known.low, known.content ^ np.uint64(1))
        assert (writer.known(changed) == Known.DIFFERENT).all()


@pytest.mark.django_db
def test_many_ids_with_the_same_upper_half_are_told_apart():
    low = np.arange(0, 200_000, 2, dtype=np.uint64)
    high = np.full(len(low), 7, np.uint64)
    with services.writing() as writer:
        writer.append(events=None, traits=None, ids=MessageIds(high, low, low), source="test", batch_key="a")
        assert (writer.known(MessageIds(high, low, low)) == Known.SAME).all()
        assert not writer.known(MessageIds(high, low + np.uint64(1), low)).any()
        assert not writer.known(MessageIds(high + np.uint64(1), low, low)).any()


@pytest.mark.django_db
def test_no_ids_are_no_file_and_can_be_asked_about():
    none = message_ids([])
    with services.writing() as writer:
        assert writer.known(none).tolist() == []
        writer.append(events=None, traits=None, ids=none, source="test", batch_key="a")
        writer.append(events=None, traits=None, ids=None, source="test", batch_key="b")
        assert writer.known(none).tolist() == []
    assert not LogFile.objects.exists()


@pytest.mark.django_db
def test_an_id_twice_in_a_batch_is_refused_and_nothing_is_written():
    with services.writing() as writer:
        with pytest.raises(InvalidBatchError, match="twice"):
            writer.append(
                events=event_table([event()]),
                traits=None,
                ids=message_ids([(1, 2, 3), (4, 5, 6), (1, 2, 9)]),
                source="test",
                batch_key="a",
            )
        assert list(existing_log().staging.iterdir()) == []
    assert not Batch.objects.exists()


def test_columns_that_do_not_fit_together_are_no_ids():
    column = np.zeros(2, np.uint64)
    with pytest.raises(ValueError, match="uint64"):
        MessageIds(column, column, column[:1])
    with pytest.raises(ValueError, match="uint64"):
        MessageIds(column, column, column.astype(np.int64))


@pytest.mark.django_db
def test_ids_are_known_exactly_when_their_batch_is_committed():
    batch = {"events": event_table([event()]), "traits": None, "source": "test", "batch_key": "a"}
    some = message_ids([(1, 2, 3)])

    def fail():
        raise RuntimeError

    with services.writing() as writer:
        with pytest.raises(RuntimeError):
            writer.append(**batch, ids=some, in_transaction=fail)
        assert writer.known(some).tolist() == [Known.NEW]
    with services.writing() as writer:
        assert writer.known(some).tolist() == [Known.NEW]
        assert not writer.append(**batch, ids=some).known
        assert writer.known(some).tolist() == [Known.SAME]
        # sent again, as whoever got no answer does: its other ids are not taken in
        assert writer.append(**batch, ids=message_ids([(8, 8, 8)])).known
        assert writer.known(message_ids([(8, 8, 8)])).tolist() == [Known.NEW]


@pytest.mark.django_db
def test_ids_that_are_committed_but_not_renamed_are_known(monkeypatch):
    def broken(_source, _target):
        raise OSError(5, "I/O error")

    some = message_ids([(1, 2, 3)])
    with services.writing() as writer, monkeypatch.context() as disk_fails:
        disk_fails.setattr(disk, "rename", broken)
        assert not writer.append(events=None, traits=None, ids=some, source="test", batch_key="a").settled
        assert writer.known(some).tolist() == [Known.SAME]


@pytest.mark.django_db
@pytest.mark.parametrize("harm", ["gone", "cut"])
def test_a_file_of_ids_that_is_not_whole_is_noticed(harm):
    with services.writing() as writer:
        writer.append(events=None, traits=None, ids=many(9), source="test", batch_key="a")
        path = existing_log().committed(LogFile.objects.get().path)
        path.unlink() if harm == "gone" else path.write_bytes(path.read_bytes()[:-24])
        with pytest.raises(LogDamagedError, match="missing" if harm == "gone" else "bytes"):
            writer.known(many(3))


@pytest.mark.django_db
def test_an_altered_file_of_ids_is_noticed_before_it_is_merged():
    for at in range(tiers.FAN):
        with services.writing() as writer:
            writer.append(events=None, traits=None, ids=many(9, at), source="test", batch_key=f"{at}")
    path = existing_log().committed(LogFile.objects.first().path)
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)
    with pytest.raises(LogDamagedError, match="checksum"):
        compact_one(NOW)
    assert LogFile.objects.filter(until=None).count() == tiers.FAN


@pytest.mark.django_db
def test_ids_stay_known_while_their_files_are_merged_and_the_files_stay_few(monkeypatch):
    monkeypatch.setattr(compacting, "MESSAGE_IDS", tiers.Sizes(floor=1, large=10**9, most=10**9))
    known = many(3000)
    for at in range(0, 3000, 10):
        with services.writing() as writer:
            writer.append(
                events=None,
                traits=None,
                ids=known.take(np.arange(at, at + 10)),
                source="test",
                batch_key=f"{at}",
            )
        while compact_one(NOW):
            pass
    assert LogFile.objects.filter(until=None).count() <= 3 * (tiers.FAN - 1)  # 300 files in base 8
    with services.writing() as writer:
        assert (writer.known(known) == Known.SAME).all()
        assert not writer.known(many(3000, seed=2)).any()


@pytest.mark.django_db(transaction=True)
def test_two_movers_never_both_call_an_id_new():
    some = message_ids([(1, 2, 3)])
    with services.writing() as first:
        assert first.known(some).tolist() == [Known.NEW]
        with pytest.raises(MoverBusyError), services.writing(wait=0):
            pytest.fail("two movers at a time")
        first.append(events=None, traits=None, ids=some, source="test", batch_key="a")
    with services.writing(wait=0) as second:
        assert second.known(some).tolist() == [Known.SAME]


@pytest.mark.django_db(transaction=True)
def test_appending_inside_a_transaction_is_refused_here_too():
    with services.writing() as writer:
        with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
            writer.append(events=None, traits=None, ids=many(3), source="test", batch_key="a")
        assert not writer.known(many(3)).any()
