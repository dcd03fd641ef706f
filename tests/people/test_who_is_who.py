"""Who is who follows from the facts in force alone: in any order, without chains, and back after an undo."""

from __future__ import annotations

import naive_identity
from hypothesis import given, settings
from hypothesis import strategies as st
from identity_strategies import rows

from wegmarke.people import identifiers, rules
from wegmarke.people.contracts import Conflict, Facts, Says, Why

SEEN, ALIAS, JOIN, SEPARATION = Says


def resolved(*facts):
    return rules.resolve(Facts.of([(at, *fact) for at, fact in enumerate(facts, start=1)]))


def named(resolution) -> dict[str, str]:
    return dict(zip(resolution.identifiers.to_pylist(), resolution.names.to_pylist(), strict=True))


def told(resolution):
    return {(one.why, frozenset(one.identifiers), frozenset(one.persons)) for one in resolution.conflicts}


@settings(max_examples=400)
@given(rows)
def test_the_fast_way_finds_what_the_obvious_way_finds(facts):
    fast = rules.resolve(Facts.of(facts))
    assert (named(fast), told(fast)) == naive_identity.resolve(facts)
    assert len(told(fast)) == len(fast.conflicts)


@given(rows, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_given_changes_nothing(facts, random):
    shuffled = random.sample(facts, len(facts))
    one, other = rules.resolve(Facts.of(facts)), rules.resolve(Facts.of(shuffled))
    assert one.identifiers.equals(other.identifiers)
    assert one.names.equals(other.names)
    assert one.conflicts == other.conflicts


@given(rows)
def test_two_known_ids_are_one_person_only_where_joins_or_aliases_lead_from_one_to_the_other(facts):
    without = [row for row in facts if row[1] != SEEN]
    with_links, by_unions = (named(rules.resolve(Facts.of(some))) for some in (facts, without))
    for one, name in with_links.items():
        if not identifiers.is_visitor(one) and one != name and not identifiers.is_visitor(name):
            assert by_unions[one] == by_unions[name]


@given(rows)
def test_separated_identifiers_are_never_one_person(facts):
    resolution = rules.resolve(Facts.of(facts))
    for _number, says, one, other in facts:
        if says == SEPARATION:
            assert resolution.person_of(one) != resolution.person_of(other)


@given(rows)
def test_the_name_of_a_person_is_one_of_the_identifiers_and_stands_with_them(facts):
    resolution = rules.resolve(Facts.of(facts))
    names = resolution.names.to_pylist()
    runs = [name for at, name in enumerate(names) if at == 0 or names[at - 1] != name]
    assert len(runs) == len(set(names))
    several = {name for name in names if names.count(name) > 1}
    persons = resolution.persons()  # refuses names that are not among the identifiers
    assert set(persons.persons.to_pylist()) == several


def test_a_visitor_who_logs_in_is_the_known_person():
    assert named(resolved((SEEN, "~a:v", "kim"))) == {"~a:v": "kim", "kim": "kim"}


def test_several_visitors_of_one_person_are_this_person():
    found = resolved((SEEN, "~a:phone", "kim"), (SEEN, "~a:laptop", "kim"))
    assert found.members("kim") == ("~a:phone", "~a:laptop", "kim")
    assert found.conflicts == ()


def test_a_device_two_persons_share_is_chained_to_neither_and_listed():
    found = resolved((SEEN, "~a:tablet", "kim"), (SEEN, "~a:tablet", "lou"), (SEEN, "~a:phone", "kim"))
    assert named(found) == {"~a:tablet": "~a:tablet", "lou": "lou", "~a:phone": "kim", "kim": "kim"}
    assert found.conflicts == (Conflict(Why.SEVERAL_PERSONS, ("~a:tablet",), ("kim", "lou")),)


def test_a_device_shared_by_two_ids_of_one_person_is_this_person():
    found = resolved((SEEN, "~a:v", "old"), (SEEN, "~a:v", "new"), (JOIN, "old", "new"))
    assert set(named(found).values()) == {"old"}
    assert found.conflicts == ()


def test_a_person_decides_about_a_shared_device_by_joining_or_by_separating():
    shared = [(SEEN, "~a:v", "kim"), (SEEN, "~a:v", "lou")]
    assert resolved(*shared, (JOIN, "~a:v", "kim")).person_of("~a:v") == "kim"
    assert resolved(*shared, (SEPARATION, "~a:v", "kim")).person_of("~a:v") == "lou"
    assert resolved(*shared, (JOIN, "~a:v", "kim")).conflicts == ()
    alone = resolved(*shared, (SEPARATION, "~a:v", "kim"), (SEPARATION, "lou", "~a:v"))
    assert (alone.person_of("~a:v"), alone.conflicts) == ("~a:v", ())


def test_an_alias_unites_what_was_known_by_the_old_id_with_the_new_one():
    found = resolved((SEEN, "~a:v", "old"), (ALIAS, "~a:old", "new"))
    assert found.members("old") == ("~a:v", "~a:old", "old", "new")
    unknown_before = resolved((ALIAS, "~a:browser", "kim"))
    assert unknown_before.person_of("browser") == "kim"


def test_aliases_from_one_id_to_several_unite_nobody():
    found = resolved((ALIAS, "~a:v", "kim"), (ALIAS, "~a:v", "lou"))
    assert found.person_of("kim") != found.person_of("lou")
    assert found.conflicts == (Conflict(Why.SEVERAL_PERSONS, ("~a:v",), ("kim", "lou")),)


def test_two_visitors_an_alias_names_are_one_and_share_their_conflict():
    found = resolved((ALIAS, "~a:v", "~a:w"), (SEEN, "~a:v", "kim"), (SEEN, "~a:w", "lou"))
    assert found.person_of("~a:v") == found.person_of("~a:w") == "~a:w"
    assert found.conflicts == (Conflict(Why.SEVERAL_PERSONS, ("~a:w", "~a:v"), ("kim", "lou")),)


def test_a_union_that_leads_round_a_separation_is_held_back_the_latest_first():
    found = resolved((ALIAS, "a", "b"), (ALIAS, "b", "c"), (SEPARATION, "a", "c"))
    assert named(found) == {"a": "b", "b": "b", "c": "c"}
    assert found.conflicts == (Conflict(Why.HELD_APART, ("b", "c"), ("b", "c")),)
    by_hand = resolved((ALIAS, "a", "b"), (JOIN, "b", "c"), (SEPARATION, "a", "c"))
    assert by_hand.person_of("b") == by_hand.person_of("c") != by_hand.person_of("a")


def test_separating_the_very_two_an_alias_names_is_a_decision_and_no_conflict():
    found = resolved((ALIAS, "a", "b"), (SEPARATION, "b", "a"))
    assert (named(found), found.conflicts) == ({"a": "a", "b": "b"}, ())


def test_two_separated_visitors_of_one_person_are_both_left_alone():
    found = resolved((SEEN, "~a:v", "kim"), (SEEN, "~a:w", "kim"), (SEPARATION, "~a:v", "~a:w"))
    assert set(named(found).values()) == {"~a:v", "~a:w", "kim"}
    assert found.conflicts == (Conflict(Why.BOTH_LINKED, ("~a:v", "~a:w"), ("kim",)),)


def test_a_person_keeps_the_name_while_more_becomes_known():
    facts = [(SEEN, "~a:v", "mia"), (SEEN, "~a:w", "mia"), (JOIN, "mia", "anna"), (ALIAS, "~a:mia", "zoe")]
    for count in range(1, len(facts) + 1):
        assert resolved(*facts[:count]).person_of("~a:v") == "mia"


def test_nothing_known_leaves_everybody_a_person_of_their_own():
    found = resolved()
    assert (found.person_of("kim"), found.members("kim"), len(found.persons())) == ("kim", ("kim",), 0)
    assert named(resolved((SEPARATION, "kim", "lou"))) == {}
