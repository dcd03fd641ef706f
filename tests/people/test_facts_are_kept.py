"""Facts are kept as they were said, with who, when and why; taken back, they stay to be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from wegmarke.people import models, queries, services
from wegmarke.people.contracts import (
    Kind,
    NoSuchFactError,
    NotByHandError,
    NotPossibleError,
    SeenLink,
)
from wegmarke.team.contracts import NotAllowedError, Role
from wegmarke.team.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def kim():
    return User.objects.create_user("kim", role=Role.EDITOR)


def seen(one="~a:v", other="lou", kind=Kind.IDENTIFY, source=1, **more) -> SeenLink:
    return SeenLink(one, other, kind, source, f"Source {source}", **more)


def learn(*links, now=NOW) -> int:
    return services.learn(links, now=now)


def test_messages_that_say_the_same_count_up_one_fact():
    assert learn(seen(), seen(), seen(kind=Kind.TRACK)) == 2
    assert learn(seen(), now=LATER) == 0
    track, identify = queries.facts_about(["lou"])
    assert (identify.kind, identify.messages, identify.made_at, identify.last_at) == (
        *(Kind.IDENTIFY, 3),
        *(NOW, LATER),
    )
    assert (track.kind, track.messages, track.source) == (Kind.TRACK, 1, "Source 1")


def test_each_source_says_it_for_itself():
    assert learn(seen(source=1), seen(source=2)) == 2


def test_more_links_than_one_query_takes_are_counted_as_well():
    links = [seen(f"~a:{at}") for at in range(1_100)]
    assert learn(*links) == 1_100
    assert learn(*links, seen("~a:new")) == 1
    assert set(models.Fact.objects.values_list("messages", flat=True)) == {1, 2}
    assert models.Fact.objects.count() == 1_101


def test_an_identifier_is_not_linked_with_itself():
    assert learn(seen("lou", "lou")) == 0
    assert queries.facts_about(["lou"]) == ()


def test_the_state_moves_on_when_who_is_who_may_have_changed_and_only_then(kim):
    states = [queries.state()]
    for step in (
        lambda: learn(seen()),
        lambda: learn(seen()),
        lambda: services.separate("~a:v", "lou", by=kim, reason="shared", now=NOW),
        lambda: services.undo(models.Fact.objects.latest("pk").pk, by=kim, now=NOW),
        lambda: services.undo(models.Fact.objects.latest("pk").pk, by=kim, now=LATER),
    ):
        step()
        states.append(queries.state())
    assert states == [0, 1, 1, 2, 3, 3]


def test_what_is_decided_by_hand_holds_until_it_is_taken_back_and_stays_to_be_read(kim):
    learn(seen())
    assert queries.resolution().person_of("~a:v") == "lou"
    number = services.separate("~a:v", "lou", by=kim, reason=" The tablet in the shop ", now=NOW)
    assert queries.resolution().person_of("~a:v") == "~a:v"
    services.undo(number, by=None, now=LATER)
    assert queries.resolution().person_of("~a:v") == "lou"
    (decided,) = queries.decisions()
    assert (decided.by, decided.reason, decided.made_at) == ("kim", "The tablet in the shop", NOW)
    assert (decided.withdrawn_at, decided.withdrawn_by) == (LATER, "")


def test_persons_are_joined_by_hand(kim):
    services.join("lou", "louise", by=kim, reason="same address", now=NOW)
    persons = queries.persons()
    assert persons.identifiers.to_pylist() == ["louise", "lou"]
    assert persons.persons.to_pylist() == ["louise", "louise"]


def test_taking_back_a_second_time_changes_nothing(kim):
    number = services.join("lou", "louise", by=kim, reason="same address", now=NOW)
    services.undo(number, by=kim, now=NOW)
    services.undo(number, by=None, now=LATER)
    (decided,) = queries.decisions()
    assert (decided.withdrawn_at, decided.withdrawn_by) == (NOW, "kim")


def test_of_two_decisions_about_the_same_two_one_has_to_be_taken_back_first(kim):
    number = services.join("lou", "louise", by=kim, reason="same address", now=NOW)
    for decide in (services.join, services.separate):
        with pytest.raises(NotPossibleError):
            decide("louise", "lou", by=kim, reason="or not", now=NOW)
    services.undo(number, by=kim, now=NOW)
    services.separate("louise", "lou", by=kim, reason="sisters", now=LATER)
    assert [one.kind for one in queries.decisions()] == [Kind.SEPARATION, Kind.JOIN]


def test_what_messages_say_is_not_taken_back(kim):
    learn(seen())
    with pytest.raises(NotByHandError):
        services.undo(models.Fact.objects.get().pk, by=kim, now=NOW)
    with pytest.raises(NoSuchFactError):
        services.undo(99, by=kim, now=NOW)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_decision_has_a_reason(kim, reason):
    with pytest.raises(ValidationError):
        services.join("lou", "louise", by=kim, reason=reason, now=NOW)


def test_identifiers_no_database_can_hold_are_linked_with_nobody_and_stop_nothing():
    assert learn(seen("~a:\0", "lou"), seen("~a:v", "x" * 301), seen()) == 1
    assert queries.resolution().members("lou") == ("~a:v", "lou")


@pytest.mark.parametrize(("one", "other"), [("", "lou"), ("lou", "lou"), ("lou", "x" * 301), ("lou", "a\0b")])
def test_a_decision_is_about_two_identifiers(kim, one, other):
    with pytest.raises(NotPossibleError):
        services.separate(one, other, by=kim, reason="shared", now=NOW)
    assert queries.state() == 0


def test_editors_decide_and_viewers_do_not():
    viewer = User.objects.create_user("vic", role=Role.VIEWER)
    number = services.join("lou", "louise", by=None, reason="import", now=NOW)
    for refused in (
        lambda: services.join("a", "b", by=viewer, reason="so", now=NOW),
        lambda: services.separate("a", "b", by=viewer, reason="so", now=NOW),
        lambda: services.undo(number, by=viewer, now=NOW),
    ):
        with pytest.raises(NotAllowedError):
            refused()
    assert len(queries.decisions()) == 1


def test_identifiers_are_found_by_what_their_sender_wrote():
    learn(seen("~a:abc", "abcd"), seen("~a:xyz", "~u:~abc"))
    assert queries.found("ab") == ["abcd", "~a:abc"]
    assert queries.found("~ab") == ["~u:~abc"]


def test_what_was_learned_in_a_transaction_that_failed_was_not_learned():
    with transaction.atomic():
        learn(seen())
        transaction.set_rollback(True)
    assert (queries.state(), len(queries.facts_about(["lou"]))) == (0, 0)
    assert queries.resolution().person_of("~a:v") == "~a:v"


def test_facts_read_in_pieces_are_all_read(monkeypatch):
    learn(*(seen(f"~a:{at}", f"p{at % 3}") for at in range(10)))
    whole = queries.resolution()
    monkeypatch.setattr(queries, "AT_ONCE", 4)
    queries.forget()
    assert queries.resolution().identifiers.equals(whole.identifiers)
    assert len(whole.identifiers) == 13
