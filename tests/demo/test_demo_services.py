"""The demo company in an installation."""

from datetime import UTC, date, datetime

import pytest

from wegmarke.demo import services
from wegmarke.people.accounts import queries as accounts
from wegmarke.plan import queries as plans
from wegmarke.plan.rules import bindings_of
from wegmarke.record import queries as record
from wegmarke.record import services as recording

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)


def test_plan_and_events_come_in_through_the_usual_doors():
    shares = []
    made = services.create_demo_company(seed=4, customers=150, now=NOW, progress=shares.append)
    assert made.ends_on == date(2026, 6, 30)
    assert plans.current() == made.plan
    assert record.log_state().rows == made.events
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    build = recording.build_journeys(bindings_of(made.plan.plan), plan_version="1", now=NOW)
    assert build.touches > 0.8 * made.events
    assert {a.name for a in record.shards(build)[0].journeys.attributes} == set(made.plan.plan.attributes)


def test_making_it_again_adds_nothing():
    first = services.create_demo_company(seed=4, ends_on=date(2026, 6, 30), customers=40, now=NOW)
    again = services.create_demo_company(seed=4, ends_on=date(2026, 6, 30), customers=40, now=NOW)
    assert again == first
    assert record.log_state().rows == first.events
    assert plans.current().version == 1


def test_customers_of_companies_are_their_contacts_and_stay_so_when_made_again():
    services.create_demo_company(seed=4, ends_on=date(2026, 6, 30), customers=300, now=NOW)
    found, _more = accounts.accounts(limit=500)
    assert len(found) > 3
    assert max(one.identifiers for one in found) > 1
    assert all(one.name != one.account for one in found)
    said = accounts.facts_of(found[0].account)
    services.create_demo_company(seed=4, ends_on=date(2026, 6, 30), customers=300, now=NOW)
    assert accounts.facts_of(found[0].account) == said
