"""The worker's step: one import read, appended once, and ended where people can see it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from support.imports import CSV, MAPPING
from wegmarke.capture import meaning, queries, rules, services, steps, storage
from wegmarke.capture.contracts import Status
from wegmarke.capture.files.mapping import ColumnMapping
from wegmarke.capture.models import Import
from wegmarke.plan import queries as plan_queries
from wegmarke.plan import services as plans
from wegmarke.plan.contracts import Plan, Text
from wegmarke.record import queries as log
from wegmarke.record import services as record
from wegmarke.record.errors import InvalidBatchError

pytestmark = pytest.mark.django_db

REST = b"".join(f"K-{n},2026-02-01 10:00,Order,Private\n".encode() for n in range(20))


@pytest.fixture
def chunks_of_five(monkeypatch):
    monkeypatch.setattr(services, "CHUNK_ROWS", 5)


@pytest.fixture
def append_fails_at(monkeypatch):
    """Let the append of one chunk fail, as on a full disk."""
    real = record.Writer.append

    def arrange(chunk: int | None) -> None:
        def append(self, **arguments):
            if arguments["batch_key"].endswith(f"-{chunk}"):
                raise OSError(28, "No space left on device")
            return real(self, **arguments)

        monkeypatch.setattr(record.Writer, "append", append)

    return arrange


def test_an_import_puts_every_event_into_the_log_and_removes_the_file(started, now):
    state = started()
    assert steps.import_one(now)
    ended = queries.state(state.id)
    assert (ended.status, ended.rows, ended.accepted, ended.written) == (Status.DONE, 6, 6, 6)
    assert ended.rejected == 0
    assert log.log_state().rows == 6
    assert not storage.folder(state.id).exists()
    assert not ended.has_file


def test_nothing_due_is_no_work(db, now):
    assert steps.import_one(now) is False


def test_a_draft_is_never_worked(drafted, now):
    state = drafted()
    assert steps.import_one(now) is False
    assert queries.state(state.id).status is Status.DRAFT


def test_the_file_stays_where_the_installation_keeps_uploads(started, now, settings):
    settings.IMPORT_KEEP_FILES = True
    state = started()
    steps.import_one(now)
    assert storage.raw_file(state.id, ".csv").is_file()
    assert queries.state(state.id).has_file


def test_rejected_rows_are_counted_and_kept_with_their_reason(started, now):
    state = started(CSV + b"K-9,never,Order,Private\n")
    steps.import_one(now)
    ended = queries.state(state.id)
    assert (ended.status, ended.rows, ended.accepted, ended.rejected) == (Status.DONE, 7, 6, 1)
    assert "never" in queries.rejected_file(state.id, by=None).read_text(encoding="utf-8-sig")
    assert [path.name for path in storage.folder(state.id).iterdir()] == ["rejected.csv"]


def test_reasons_are_given_in_the_language_of_whoever_started_the_import(drafted, now):
    state = drafted(CSV + b"K-9,never,Order,Private\n")
    services.start(import_id=state.id, by=None, now=now, language="de", change=None)
    steps.import_one(now)
    assert "Die Zeit fehlt oder ist nicht lesbar" in queries.rejected_file(state.id, by=None).read_text(
        "utf-8-sig"
    )


def test_an_unreadable_file_fails_with_its_place_and_leaves_the_log_as_it_was(started, now):
    state = started(mapping=ColumnMapping("customer", "timestamp", "event", complete=True))
    assert steps.import_one(now)
    failed = queries.state(state.id)
    assert failed.status is Status.FAILED
    assert (failed.problem.column, failed.problem.line) == ("customer", 1)
    assert log.log_state().rows == 0
    assert rules.may_map_again(failed)
    assert not rules.may_retry(failed)
    assert not steps.import_one(now + timedelta(days=1))


def test_one_row_beyond_what_journeys_can_count_costs_this_row_only(started, now):
    state = started(CSV + b"K-9,2040-01-01 10:00,Order,Private\n")
    assert steps.import_one(now)
    ended = queries.state(state.id)
    assert (ended.status, ended.rejected, ended.written) == (Status.DONE, 1, 6)


def test_events_the_record_refuses_end_the_import_where_people_see_why(started, now, monkeypatch):
    def append(_self, **_arguments):
        msg = "times must lie between 1970-01-01 and 2038-01-19"
        raise InvalidBatchError(msg)

    monkeypatch.setattr(record.Writer, "append", append)
    state = started()
    assert steps.import_one(now)
    failed = queries.state(state.id)
    assert failed.status is Status.FAILED
    assert "the record does not take these events (times must lie" in failed.problem.message
    assert not rules.may_retry(failed)


def test_a_file_at_fault_is_not_taken_up_again_whoever_asks(started, now):
    state = started(mapping=ColumnMapping("customer", "timestamp", "event", complete=True))
    steps.import_one(now)
    with pytest.raises(services.WrongMomentError):
        services.retry(import_id=state.id, by=None, now=now)
    assert queries.state(state.id).status is Status.FAILED


def test_attributes_of_a_file_are_added_to_what_others_just_saved(drafted, now, monkeypatch):
    state = drafted()
    plan = Plan(name=Text("a", "a"), unbound_names_are_touchpoints=True)
    stale = plans.save(plan, by=None, now=now)
    plans.save(replace(plan, margin=0.1), by=None, now=now)
    monkeypatch.setattr(meaning.plans, "current", lambda: stale)
    services.start(import_id=state.id, by=None, now=now, language="en", change=None)
    monkeypatch.undo()
    current = plan_queries.current().plan
    assert (current.margin, current.attributes) == (0.1, MAPPING.attributes)


def test_a_column_that_was_not_chosen_is_not_read_though_its_name_suggests_it(started, now):
    content = b"customer_id,timestamp,event,value\nK-1,2026-01-05,Order,17\n"
    started(content)
    steps.import_one(now)
    from wegmarke.record.layout import existing_log
    from wegmarke.record.models import LogFile
    from wegmarke.record.reading import read_partition

    partition = LogFile.objects.get(kind="events").partition
    table = read_partition(existing_log(), "events", partition, change=99)
    assert table.column("value").to_pylist() == [None]


def test_an_append_that_fails_is_tried_again_and_goes_on_behind_the_last_chunk(
    started, now, chunks_of_five, append_fails_at
):
    state = started(CSV + REST)
    append_fails_at(3)
    assert steps.import_one(now)
    between = queries.state(state.id)
    assert (between.status, between.chunks_done, between.written) == (Status.READING, 3, 15)
    assert "No space left on device" in between.error
    assert between.due_at > now
    assert not steps.import_one(now)
    append_fails_at(None)
    assert steps.import_one(between.due_at)
    ended = queries.state(state.id)
    assert (ended.status, ended.written, log.log_state().rows) == (Status.DONE, 26, 26)


def test_an_import_that_keeps_failing_ends_visibly_and_can_be_taken_up_again(
    started, now, chunks_of_five, append_fails_at
):
    state = started(CSV + REST)
    append_fails_at(2)
    at = now
    while steps.import_one(at):
        at += timedelta(days=1)
    failed = queries.state(state.id)
    assert (failed.status, failed.written) == (Status.FAILED, 10)
    assert rules.may_retry(failed)
    assert not rules.may_map_again(failed)
    with pytest.raises(services.WrongMomentError):
        services.map_again(import_id=state.id, by=None)
    append_fails_at(None)
    services.retry(import_id=state.id, by=None, now=at)
    assert steps.import_one(at)
    assert (queries.state(state.id).status, log.log_state().rows) == (Status.DONE, 26)


def test_a_file_that_changed_between_two_attempts_is_not_mixed_into_the_log(
    started, now, chunks_of_five, append_fails_at
):
    state = started(CSV + REST)
    append_fails_at(2)
    steps.import_one(now)
    storage.raw_file(state.id, ".csv").write_bytes(CSV)
    append_fails_at(None)
    steps.import_one(queries.state(state.id).due_at)
    failed = queries.state(state.id)
    assert failed.status is Status.FAILED
    assert "other events than when this import began" in failed.problem.message
    assert log.log_state().rows == 10


def test_a_worker_that_lost_its_lease_appends_nothing_more(started, now, monkeypatch, chunks_of_five):
    state = started(CSV + REST)
    real = record.Writer.append

    def append(self, **arguments):
        if arguments["batch_key"].endswith("-1"):
            Import.objects.filter(pk=state.id).update(lease_token="somebody else")
        return real(self, **arguments)

    monkeypatch.setattr(record.Writer, "append", append)
    assert steps.import_one(now)
    assert (queries.state(state.id).written, log.log_state().rows) == (5, 5)


def test_a_long_import_keeps_its_lease(started, now, monkeypatch):
    monkeypatch.setattr(steps, "EXTEND_AFTER", 0.0)
    monkeypatch.setattr(steps, "SHOW_AFTER", 0.0)
    extended = []
    real = steps.claiming.extend
    monkeypatch.setattr(
        steps.claiming,
        "extend",
        lambda row, *, now, lease: extended.append(now) or real(row, now=now, lease=lease),
    )
    started()
    assert steps.import_one(now)
    assert extended
    assert min(extended) >= now


def test_an_import_cancelled_at_the_last_moment_is_not_begun(started, now, monkeypatch):
    state = started()
    monkeypatch.setattr(steps.files, "read", lambda *_a, **_n: pytest.fail("the file was read"))
    claim = steps.claiming.claim

    def claim_late(queryset, *, now, lease):
        row = claim(queryset, now=now, lease=lease)
        services.cancel(import_id=state.id, by=None, now=now)
        return row

    monkeypatch.setattr(steps.claiming, "claim", claim_late)
    assert steps.import_one(now)
    assert queries.state(state.id).status is Status.CANCELLED


def test_two_imports_are_worked_one_after_the_other(started, now):
    started()
    started(CSV + b"K-7,2026-01-01,Order,Private\n", "other.csv")
    assert steps.import_one(now)
    assert steps.import_one(now)
    assert not steps.import_one(now)
    assert log.log_state().rows == 7  # six rows of the second file are those of the first


def test_parquet_and_xlsx_are_imported_as_csv_is(started, now):
    table = pa.table(
        {
            "customer_id": ["K-1", "K-2"],
            "timestamp": pa.array([1_767_600_000, 1_767_700_000], pa.timestamp("s", tz="UTC")),
            "event": ["Order", "Delivery"],
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out)
    started(out.getvalue(), "events.parquet", MAPPING)
    assert steps.import_one(now)
    from openpyxl import Workbook

    book = Workbook()
    for row in (["customer_id", "timestamp", "event"], ["K-3", "2026-01-01 10:00", "Order"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    started(out.getvalue(), "events.xlsx", MAPPING)
    assert steps.import_one(now)
    assert log.log_state().rows == 3


def test_what_a_stopped_worker_and_cut_off_uploads_left_is_removed_later(started, received, now):
    state = started()
    steps.import_one(now)
    raw = storage.raw_file(state.id, ".csv")
    raw.parent.mkdir()
    raw.write_bytes(CSV)
    (storage.incoming() / "cut off").write_bytes(b"half a file")
    services.tidy(now=now.replace(year=2000))
    assert raw.exists()
    services.tidy(now=now.replace(year=2100))
    assert not raw.exists()
    assert list(storage.incoming().iterdir()) == []


def test_rejected_rows_go_a_month_after_the_end_without_anybody_uploading_anything(started, now):
    state = started(CSV + b"K-9,never,Order,Private\n")
    steps.import_one(now)
    kept = storage.rejected_file(state.id)
    steps.import_one(now + timedelta(days=29))
    assert kept.exists()
    steps.import_one(now + timedelta(days=31))
    assert not kept.parent.exists()


def test_the_worker_tidies_once_an_hour(started, now, monkeypatch):
    started()
    tidied = []
    monkeypatch.setattr(services, "tidy", lambda *, now: tidied.append(now))
    moments = [now + timedelta(minutes=minutes) for minutes in (0, 1, 30, 62, 63)]
    for moment in moments:
        steps.import_one(moment)
    assert tidied == [moments[1], moments[3]]


def test_what_a_person_or_a_system_put_beside_the_imports_is_left_alone(drafted, now):
    drafted()
    (storage.root() / "lost+found").mkdir()
    (storage.root() / ".DS_Store").touch()
    services.tidy(now=now.replace(year=2100))
    assert {path.name for path in storage.root().iterdir()} >= {"lost+found", ".DS_Store"}


def test_a_forgotten_upload_is_removed_after_a_week(drafted, now):
    state = drafted()
    services.tidy(now=now + timedelta(days=6))
    assert queries.state(state.id).status is Status.DRAFT
    services.tidy(now=now + timedelta(days=8))
    assert queries.state(state.id).status is Status.CANCELLED
    assert not storage.folder(state.id).exists()
