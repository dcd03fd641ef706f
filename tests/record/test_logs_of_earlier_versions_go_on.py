from __future__ import annotations

import shutil

import numpy as np
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from record_strategies import event, event_table, trait_table

from wegmarke.record import queries, services
from wegmarke.record.contracts import Known, MessageIds, Recovered
from wegmarke.record.layout import existing_log
from wegmarke.record.models import Batch, LogFile
from wegmarke.record.reading import read_partition
from wegmarke.record.steps import compact_one

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = [("record", "0001_initial")]
COLUMNS = ("kind", "partition", "path", "rows", "size", "first_time", "last_time", "sha256")


def append(at):
    rows = [event(f"person {n}", n, f"b{at}/{n}") for n in range(20)]
    traits = [{"person": "person 1", "name": "segment", "value": f"b{at}"}]
    services.append(events=event_table(rows), traits=trait_table(traits), source="test", batch_key=f"b{at}")


def read(change):
    layout = existing_log()
    return [
        read_partition(layout, kind, at, change=change).to_pylist()
        for kind in ("events", "traits")
        for at in range(layout.partitions)
    ]


@pytest.fixture
def log_of_the_first_version(data_dir):
    """Bring database and folder to where the first version left them; yield the rows as of some changes."""
    for at in range(1, 11):
        append(at)
    expected = {change: read(change) for change in (1, 5, 10)}
    files = list(LogFile.objects.values(*COLUMNS, "first_change"))
    batches = dict(Batch.objects.values_list("sequence", "pk"))
    LogFile.objects.all().delete()
    for folder in ("ids", "_superseded", "_compacting"):
        shutil.rmtree(data_dir / "log" / folder)
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    executor.migrate(FIRST)
    old = executor.loader.project_state(FIRST).apps.get_model("record", "LogFile")
    old.objects.bulk_create(old(batch_id=batches[file.pop("first_change")], **file) for file in files)
    executor = MigrationExecutor(connection)
    executor.migrate(newest)
    yield expected
    executor = MigrationExecutor(connection)
    executor.migrate(newest)


def test_a_log_of_the_first_version_is_read_appended_to_and_compacted(log_of_the_first_version, data_dir):
    expected = log_of_the_first_version
    assert {change: read(change) for change in expected} == expected
    assert (queries.log_state().change, queries.log_state().rows) == (10, 200)
    assert not list(data_dir.glob("log/_compacting"))
    while compact_one(LogFile.objects.first().first_time):
        pass
    assert LogFile.objects.filter(kind="events", until=None).count() < 10 * 8
    ids = MessageIds(*np.arange(9, dtype=np.uint64).reshape(3, 3))
    with services.writing() as writer:
        assert not writer.known(ids).any()
        writer.append(events=None, traits=None, ids=ids, source="test", batch_key="ids")
        assert (writer.known(ids) == Known.SAME).all()
    append(11)
    assert queries.log_state().rows == 220
    assert services.recover() == Recovered()
    assert {change: read(change) for change in expected} == expected


def test_messages_can_be_looked_up_in_a_log_of_the_first_version_at_once(log_of_the_first_version):
    ids = MessageIds(*np.arange(9, dtype=np.uint64).reshape(3, 3))
    with services.writing() as writer:
        assert not writer.known(ids).any()
        done = writer.append(events=None, traits=None, ids=ids, source="test", batch_key="ids")
        assert done.settled
        assert (writer.known(ids) == Known.SAME).all()
