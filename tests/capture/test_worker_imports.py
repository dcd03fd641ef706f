"""The worker's step: one import read, appended once, and ended where people can see it."""

from __future__ import annotations

import pytest

from wegmarke.capture import queries, steps, storage
from wegmarke.capture.contracts import Status
from wegmarke.record import queries as log

pytestmark = pytest.mark.django_db


def test_an_import_puts_every_event_into_the_log_and_removes_the_file(started, now):
    state = started()
    assert steps.import_one(now)
    ended = queries.state(state.id)
    assert (ended.status, ended.rows, ended.accepted, ended.written, ended.rejected) == (
        Status.DONE,
        6,
        6,
        6,
        0,
    )
    assert log.log_state().rows == 6
    assert not storage.folder(state.id).exists()
    assert not ended.has_file


def test_nothing_due_is_no_work(db, now):
    assert steps.import_one(now) is False
