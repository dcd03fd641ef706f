"""Accounts have several contacts, from messages and by hand, and everything decided by hand can be undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from people_stories import NOW, PHONE, live

from wegmarke.people import queries as people
from wegmarke.people.accounts import queries, services
from wegmarke.people.accounts.contracts import NoSuchMembershipError, NotPossibleError, Said, SeenGroup
from wegmarke.team.contracts import NotAllowedError, Role
from wegmarke.team.models import User

pytestmark = pytest.mark.django_db
KIM = "kim@example.com"


def learn(*groups, day=0):
    services.learn(groups, now=NOW + timedelta(days=day))


def group(identifier, account="acme", source=1, **traits):
    return SeenGroup(identifier, account, source, "Shop", traits)


def decide(identifier, account="acme", *, belongs, by=None, reason="Told us"):
    return services.decide(identifier, account, belongs=belongs, by=by, reason=reason, now=NOW)


def test_an_account_has_several_contacts_and_a_person_several_accounts():
    learn(group("ann"), group("bob"), group("ann", "globex"))
    assert queries.contacts("acme") == (("ann", True), ("bob", True))
    found = {one.account: belongs for one, belongs in queries.accounts_of(["ann"])}
    assert found == {"acme": True, "globex": True}


def test_the_same_said_again_counts_up_and_another_source_stands_beside():
    learn(group("ann"), group("ann"))
    learn(group("ann"), group("ann", source=2), day=1)
    one, other = queries.facts_of("acme")
    assert (one.messages, one.made_at, one.last_at) == (3, NOW, NOW + timedelta(days=1))
    assert other.messages == 1
    assert queries.account("acme").identifiers == 1


def test_traits_keep_the_last_value_and_since_when_it_holds():
    learn(group("ann", name="Acme", plan="basic"))
    learn(group("ann", name="Acme", plan="pro"), day=1)
    learn(group("ann", name="Acme"), day=2)
    found = {one.name: (one.value, one.changed_at) for one in queries.traits("acme")}
    assert found == {"name": ("Acme", NOW), "plan": ("pro", NOW + timedelta(days=1))}
    learn(group("ann", plan=None), day=3)
    assert [one.name for one in queries.traits("acme")] == ["name"]


def test_accounts_are_found_by_id_and_by_any_word_of_their_name():
    learn(group("ann", "a-1", name="Nordwind Energie AG"), group("bob", "b-2", name="Südstern"))
    for text in ("a-", "nordw", "energie", "AG"):
        assert [one.account for one in queries.accounts(text=text)[0]] == ["a-1"], text
    assert queries.accounts(text="wind")[0] == ()
    first, more = queries.accounts(limit=1)
    assert more
    assert {first[0].name, queries.accounts(skip=1, limit=1)[0][0].name} == {
        "Nordwind Energie AG",
        "Südstern",
    }
    assert queries.account("nobody") is None
    assert queries.account("a\0b") is None


def test_contacts_are_persons_not_identifiers():
    live()
    learn(group(PHONE), group(KIM), group("mia"))
    assert queries.contacts("acme") == ((KIM, True), ("mia", True))


def test_who_was_removed_stays_removed_whatever_messages_say_until_it_is_taken_back():
    learn(group("ann"))
    number = decide("ann", belongs=False)
    learn(group("ann"), day=1)
    assert queries.contacts("acme") == (("ann", False),)
    services.undo(number, by=None, now=NOW)
    services.undo(number, by=None, now=NOW + timedelta(days=9))
    assert queries.contacts("acme") == (("ann", True),)
    assert queries.facts_of("acme")[1].withdrawn_at == NOW


def test_a_removal_counts_for_all_identifiers_of_the_person():
    live()
    learn(group(PHONE))
    decide(KIM, belongs=False)
    assert queries.contacts("acme") == ((KIM, False),)
    members = people.resolution().members(KIM)
    assert [belongs for _one, belongs in queries.accounts_of(members)] == [False]


def test_of_several_decisions_the_newest_holds():
    decide("ann", "new one", belongs=True)
    number = decide("ann", "new one", belongs=False)
    assert queries.contacts("new one") == (("ann", False),)
    assert services.undo(number, by=None, now=NOW) == "new one"
    assert queries.contacts("new one") == (("ann", True),)


def test_only_editors_decide_and_take_back():
    viewer = User.objects.create_user("viewer", role=Role.VIEWER)
    editor = User.objects.create_user("editor", role=Role.EDITOR)
    number = decide("ann", belongs=True, by=editor)
    with pytest.raises(NotAllowedError):
        decide("ann", belongs=False, by=viewer)
    with pytest.raises(NotAllowedError):
        services.undo(number, by=viewer, now=NOW)
    services.undo(number, by=editor, now=NOW)
    (fact,) = queries.facts_about(["ann"])
    assert (fact.said, fact.by, fact.withdrawn_by, fact.reason) == (
        Said.JOINED,
        "editor",
        "editor",
        "Told us",
    )


def test_what_cannot_be_decided_is_refused_and_leaves_nothing():
    for identifier, account in (("", "acme"), ("ann", " "), ("ann", "a" * 256), ("a\0b", "acme")):
        with pytest.raises(NotPossibleError):
            decide(identifier, account, belongs=True)
    for reason in (" ", "x" * 501):
        with pytest.raises(ValidationError):
            decide("ann", belongs=True, reason=reason)
    assert queries.accounts()[0] == ()


def test_what_messages_said_cannot_be_taken_back():
    learn(group("ann"))
    with pytest.raises(NotPossibleError):
        services.undo(queries.facts_of("acme")[0].number, by=None, now=NOW)
    with pytest.raises(NoSuchMembershipError):
        services.undo(99_999, by=None, now=NOW)


def test_a_list_of_accounts_asks_once(django_assert_num_queries):
    learn(*(group(f"p{at}", f"a{at % 20}") for at in range(60)))
    with django_assert_num_queries(1):
        assert len(queries.accounts()[0]) == 20
