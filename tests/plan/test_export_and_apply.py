"""A plan that was exported and applied to an empty site is the identical plan."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from plan_strategies import plans

from wegmarke.plan import documents, queries, services
from wegmarke.plan.contracts import Plan, Text
from wegmarke.plan.services import PlanChangedError

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=plans())
def test_an_exported_plan_applied_to_an_empty_site_is_identical(plan):
    with transaction.atomic():
        text = documents.dump(plan, explained=str)
        saved = services.save(documents.load(text), by=None, now=NOW, based_on=0)
        assert (saved.version, saved.plan) == (1, plan)
        assert documents.dump(queries.current().plan, explained=str) == text
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=plans(), second=plans())
def test_the_list_of_versions_tells_the_same_as_comparing_them(first, second):
    with transaction.atomic():
        services.save(first, by=None, now=NOW)
        services.save(second, by=None, now=NOW)
        told = {edit.version.version: set(map(repr, edit.changes)) for edit in queries.edits()}
        assert told.keys() == {one.version for one in queries.history()}
        for number, changes in told.items():
            assert changes == set(map(repr, queries.differences(number - 1, number)))
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_plan_based_on_an_empty_site_is_refused_once_there_is_one():
    plan = Plan(name=Text("Laden", "Shop"))
    services.save(plan, by=None, now=NOW)
    with pytest.raises(PlanChangedError):
        services.save(replace(plan, margin=0.5), by=None, now=NOW, based_on=0)


@pytest.mark.django_db
def test_an_earlier_version_is_restored_only_upon_the_version_it_was_compared_with():
    first = Plan(name=Text("Laden", "Shop"))
    services.save(first, by=None, now=NOW)
    services.save(replace(first, margin=0.5), by=None, now=NOW)
    with pytest.raises(PlanChangedError):
        services.restore(1, by=None, now=NOW, based_on=1)
    assert services.restore(1, by=None, now=NOW, based_on=2).plan == first


@pytest.mark.django_db
def test_the_list_of_versions_is_read_in_pages_with_few_queries(django_assert_num_queries):
    for margin in range(1, 8):
        services.save(Plan(name=Text("L", "S"), margin=margin / 10), by=None, now=NOW)
    with django_assert_num_queries(2):
        page = queries.edits(limit=3, before=6)
    assert [edit.version.version for edit in page] == [5, 4, 3]
    assert [(c.name, c.before, c.after) for c in page[0].changes] == [("margin", 0.4, 0.5)]
