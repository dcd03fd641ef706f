"""Several people save at the same moment: every change that was accepted stands."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection

from wegmarke.plan import queries, services
from wegmarke.plan.contracts import Plan, Text, Touchpoint
from wegmarke.plan.models import Version

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
PEOPLE = 8
TOUCHPOINTS = tuple(Touchpoint(f"t{n}", Text(f"T{n}", f"T{n}")) for n in range(PEOPLE))


def at_once(change):
    """Run one change per person, each with a connection of its own."""

    def run(person):
        try:
            return change(person)
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(run, range(PEOPLE)))


def test_changes_of_different_touchpoints_at_once_all_stand():
    services.save(Plan(Text("P", "P"), touchpoints=TOUCHPOINTS), by=None, now=NOW)

    def rename(n):
        changed = replace(TOUCHPOINTS[n], channel=f"channel {n}")
        return services.change_touchpoint(changed, based_on=1, by=None, now=NOW).version

    assert sorted(at_once(rename)) == list(range(2, PEOPLE + 2))
    assert [t.channel for t in queries.current().plan.touchpoints] == [f"channel {n}" for n in range(PEOPLE)]


def test_of_changes_of_the_same_field_at_once_exactly_one_stands():
    services.save(Plan(Text("P", "P"), touchpoints=TOUCHPOINTS), by=None, now=NOW)

    def claim(n):
        changed = replace(TOUCHPOINTS[0], channel=f"channel {n}")
        try:
            return (
                services.change_touchpoint(changed, based_on=1, by=None, now=NOW)
                .plan.touchpoint("t0")
                .channel
            )
        except services.PartChangedError:
            return None

    (kept,) = [channel for channel in at_once(claim) if channel is not None]
    assert queries.current().plan.touchpoint("t0").channel == kept
    assert Version.objects.count() == 2


def test_of_first_versions_at_once_none_is_half_saved():
    def begin(n):
        try:
            services.add_touchpoints([TOUCHPOINTS[n]], by=None, now=NOW)
        except services.PlanChangedError:
            return 0
        return 1

    accepted = sum(at_once(begin))
    assert accepted >= 1
    assert len(queries.current().plan.touchpoints) == accepted == Version.objects.count()
