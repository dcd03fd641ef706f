"""Installations of the first release stored each version as one document; the upgrade keeps them all."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from wegmarke.plan import queries
from wegmarke.plan.documents import load

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = """\
name: {de: Laden, en: Shop}
phases:
  - {key: kauf, name: {de: Kauf, en: Purchase}}
touchpoints:
  - key: kasse
    name: {de: Bezahlen, en: Payment}
    phases: [kauf]
    owner: Webshop
    events: [{event: Paid, where: [{property: amount, above: 60}]}]
    experience: {bad: [{property: error, exists: true}]}
moving_on: [kasse]
"""
SECOND = FIRST + "horizon_days: 14\n"
THIRD = SECOND.replace("Payment", "Paying")


@pytest.fixture
def old_database():
    """Go back to the tables of the first release, and forward again in the end."""
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    executor.migrate([("plan", "0001_initial")])
    yield executor.loader.project_state([("plan", "0001_initial")]).apps
    executor = MigrationExecutor(connection)
    executor.migrate(newest)


def test_every_version_is_the_plan_it_was(old_database):
    saved = old_database.get_model("plan", "SavedPlan")
    for number, document in enumerate((FIRST, SECOND, THIRD, FIRST), 1):
        saved.objects.create(number=number, document=document, saved_at=timezone.now(), comment=f"v{number}")
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    for number, document in enumerate((FIRST, SECOND, THIRD, FIRST), 1):
        found = queries.version(number)
        assert found.plan == load(document.replace("owner:", "owners:"))
        assert (found.comment, found.basis) == (f"v{number}", number)
    assert [edit.version.version for edit in queries.edits_of("touchpoints", "kasse")] == [4, 3, 1]
