"""Story 3: a raw export shows the touchpoints nobody wrote down, each once.

The short version of simulations/raw_export.py; the long one's figures stand in docs/methods/discovery.md.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from raw_export import PLANTED, make, score

from wegmarke.atlas.discovery import looking, queries, services, steps
from wegmarke.atlas.discovery.forms import adoption
from wegmarke.plan import queries as plans
from wegmarke.plan import services as planning
from wegmarke.record import services as record

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, tzinfo=UTC)
PERSONS = 1500


@pytest.mark.parametrize("seed", [7, 211, 212])
def test_at_least_95_percent_of_fifty_planted_touchpoints_are_proposed_each_once(seed):
    company = make(seed, persons=PERSONS)
    assert len(company.planted) == PLANTED
    record.append(events=company.events, traits=None, source="export", batch_key="export")
    found = looking.look(company.plan, lambda _done, _steps: None)
    result = score(company, found)
    assert result.once >= 0.95 * PLANTED, (result.missed, result.twice)
    assert result.splits <= 5, result.decoys
    documented = {rule.event for one in found.candidates for rule in one.rules} & set(company.documented)
    assert documented == set()


def test_what_is_adopted_is_not_found_again():
    company = make(5, persons=PERSONS)
    record.append(events=company.events, traits=None, source="export", batch_key="export")
    planning.save(company.plan, by=None, now=NOW)
    assert steps.discover_one(NOW)
    queries.forget()
    found = queries.latest().found
    kept = [one for one in found.candidates if not one.technical]
    services.adopt([adoption(one, {}, "de") for one in kept], by=None, now=NOW)
    services.leave_alone([one for one in found.candidates if one.technical], by=None, now=NOW)
    assert queries.still_open(found, plans.current().plan) == ()
    assert steps.discover_one(NOW)
    left = queries.still_open(queries.latest().found, plans.current().plan)
    assert [one.name.de for one in left if one.like is None] == []
