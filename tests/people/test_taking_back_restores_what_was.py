"""Once every decision is taken back, in any order, everybody is who they were before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from identity_strategies import IDENTIFIERS

from wegmarke.people import models, queries, services
from wegmarke.people.contracts import Kind, NotPossibleError, SeenLink

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
two = st.tuples(st.sampled_from(IDENTIFIERS), st.sampled_from(IDENTIFIERS))
seen = st.tuples(two, st.sampled_from([Kind.IDENTIFY, Kind.ALIAS]))
decisions = st.lists(st.tuples(two, st.sampled_from([services.join, services.separate])), max_size=5)


def who_is_who():
    found = queries.resolution()
    return found.identifiers.to_pylist(), found.names.to_pylist(), found.conflicts


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(links=st.lists(seen, max_size=8), decided=decisions, random=st.randoms(use_true_random=False))
def test_taking_back_every_decision_restores_who_is_who(links, decided, random):
    models.Fact.objects.all().delete()
    queries.forget()
    services.learn([SeenLink(*pair, kind, 1, "Shop") for pair, kind in links], now=NOW)
    before = who_is_who()
    made = []
    for pair, decide in decided:
        try:
            made.append(decide(*pair, by=None, reason="so", now=NOW))
        except NotPossibleError:
            continue
    random.shuffle(made)
    for number in made:
        services.undo(number, by=None, now=NOW)
    assert who_is_who() == before
    assert len(queries.decisions()) == len(made)
