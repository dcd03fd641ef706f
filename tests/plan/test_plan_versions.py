"""Saving the plan makes versions."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model

from wegmarke.plan import queries, services
from wegmarke.plan.contracts import Phase, Plan, Text, Touchpoint, one_journey
from wegmarke.plan.findings import PlanError
from wegmarke.plan.models import Version

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
SHOP = Plan(name=Text("Laden", "Shop"))
LARGER = replace(SHOP, journeys=one_journey(Phase("buy", Text("Kauf", "Buy"))))


def test_before_the_first_version_there_is_no_plan():
    assert queries.current() is None
    assert queries.history() == ()


def test_a_saved_plan_is_the_current_one_with_its_time_account_and_comment():
    user = get_user_model().objects.create_user("mira", password="x", role="editor")
    saved = services.save(SHOP, by=user, now=NOW, comment="first")
    assert (saved.version, saved.plan, saved.saved_at) == (1, SHOP, NOW)
    assert (saved.saved_by, saved.comment) == ("mira", "first")
    assert queries.current() == saved


def test_saving_an_unchanged_plan_makes_no_version():
    first = services.save(SHOP, by=None, now=NOW)
    again = services.save(SHOP, by=None, now=NOW.replace(year=2027), comment="again")
    assert again == first
    assert Version.objects.count() == 1


def test_going_back_to_an_earlier_plan_is_a_version_of_its_own():
    for plan in (SHOP, LARGER, SHOP):
        services.save(plan, by=None, now=NOW)
    assert [v.version for v in queries.history()] == [3, 2, 1]
    assert [queries.version(n).plan for n in (1, 2, 3)] == [SHOP, LARGER, SHOP]


def test_a_plan_that_makes_no_sense_is_refused_and_nothing_is_saved():
    with pytest.raises(PlanError) as caught:
        services.save(replace(SHOP, moving_on=("gone",)), by=None, now=NOW)
    assert [f.path for f in caught.value.findings] == ["moving_on[0]"]
    assert queries.current() is None


def test_a_change_to_an_overtaken_version_is_refused():
    services.save(SHOP, by=None, now=NOW)
    services.save(LARGER, by=None, now=NOW, based_on=1)
    with pytest.raises(services.PlanChangedError, match="version 1, the plan is at version 2"):
        services.save(SHOP, by=None, now=NOW, based_on=1)
    assert queries.current().plan == LARGER


def test_a_version_that_was_never_saved_is_named():
    with pytest.raises(queries.NoSuchVersionError, match="no version 7"):
        queries.version(7)


def test_a_version_outlives_the_account_that_saved_it():
    user = get_user_model().objects.create_user("mira", password="x", role="editor")
    services.save(SHOP, by=user, now=NOW)
    user.delete()
    assert queries.current().saved_by is None


def test_the_edits_of_a_touchpoint_are_told_newest_first_each_against_the_one_before():
    for channel in ("web", "store", "phone"):
        touchpoint = Touchpoint("buy", Text("Kauf", "Purchase"), channel=channel)
        services.save(replace(SHOP, touchpoints=(touchpoint,)), by=None, now=NOW)
    services.save(SHOP, by=None, now=NOW)
    told = [
        (edit.version.version, [(one.name, one.before is None, one.after is None) for one in edit.changes])
        for edit in queries.edits_of("touchpoints", "buy")
    ]
    changed = [("channel", False, False)]
    assert told == [(4, [("", False, True)]), (3, changed), (2, changed), (1, [("", True, False)])]
