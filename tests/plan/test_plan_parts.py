"""A plan is taken apart, put together, compared and merged."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_strategies import plans

from wegmarke.plan import parts
from wegmarke.plan.contracts import Change, Phase, Plan, Text, Touchpoint, one_journey

CART = Touchpoint("cart", Text("Warenkorb", "Cart"), purpose=Text("Sammeln", "Collect"))
HELP = Touchpoint("help", Text("Hilfe", "Help"), owners=("kim",))
SHOP = Plan(
    name=Text("Laden", "Shop"),
    journeys=one_journey(Phase("buy", Text("Kauf", "Buy"))),
    touchpoints=(CART, HELP),
)


def with_cart(**changed):
    return replace(SHOP, touchpoints=(replace(CART, **changed), HELP))


@given(plans())
@settings(max_examples=60)
def test_a_plan_taken_apart_and_put_together_is_the_same_plan(plan):
    assert parts.plan_of(parts.parts_of(plan)) == plan


@given(plans(), plans())
@settings(max_examples=40)
def test_two_plans_differ_exactly_where_changes_are_named(one, other):
    assert (parts.changes_between(one, other) == ()) == (one == other)
    assert parts.changes_between(one, one) == ()


def test_a_changed_field_is_named_with_before_and_after():
    changes = parts.changes_between(SHOP, with_cart(purpose=Text("Merken", "Keep"), channel="web"))
    assert changes == (
        Change("touchpoints", "cart", "channel", None, "web"),
        Change(
            "touchpoints",
            "cart",
            "purpose",
            {"de": "Sammeln", "en": "Collect"},
            {"de": "Merken", "en": "Keep"},
        ),
    )


def test_a_new_and_a_removed_touchpoint_are_one_change_each():
    changes = parts.changes_between(
        SHOP, replace(SHOP, touchpoints=(CART, Touchpoint("faq", Text("FAQ", "FAQ"))))
    )
    assert [(c.kind, c.key, c.name, c.before is None, c.after is None) for c in changes] == [
        ("touchpoints", "faq", "", True, False),
        ("touchpoints", "help", "", False, True),
    ]


def test_another_order_is_a_change_and_a_removal_is_no_other_order():
    assert [c.name for c in parts.changes_between(SHOP, replace(SHOP, touchpoints=(HELP, CART)))] == ["order"]
    assert [c.name for c in parts.changes_between(SHOP, replace(SHOP, touchpoints=(HELP,)))] == [""]


def test_changes_of_different_fields_merge_without_conflict():
    base = {"key": "a", "name": "A", "channel": "web"}
    merged, conflicts = parts.merged(base, {**base, "channel": "mail"}, {**base, "name": "B"})
    assert (merged, conflicts) == ({"key": "a", "name": "B", "channel": "mail"}, ())


def test_the_same_change_by_both_is_no_conflict():
    base = {"key": "a", "channel": "web"}
    both = {"key": "a", "channel": "mail"}
    assert parts.merged(base, both, both) == (both, ())


def test_different_changes_of_one_field_are_a_conflict_and_nothing_of_mine_is_lost():
    base = {"key": "a", "channel": "web"}
    merged, conflicts = parts.merged(base, {**base, "channel": "mail"}, {**base, "channel": "phone"})
    assert (merged["channel"], conflicts) == ("mail", ("channel",))


def test_a_removed_field_against_a_changed_one_is_a_conflict():
    base = {"key": "a", "channel": "web"}
    assert parts.merged(base, {"key": "a"}, {**base, "channel": "phone"})[1] == ("channel",)
    assert parts.merged(base, {"key": "a"}, base) == ({"key": "a"}, ())


@pytest.mark.parametrize(
    ("mine", "theirs", "conflicts"),
    [
        ({"target": 0.05}, {"measure": "net_experience"}, ("measure", "target")),
        ({"until": "2026-02-01"}, {"since": "2026-03-01"}, ("since", "until")),
        ({"target": 0.05}, {"name": "B"}, ()),
    ],
)
def test_fields_that_mean_something_only_together_are_not_mixed(mine, theirs, conflicts):
    base = {"name": "A", "measure": "drop_off", "target": 0.2, "since": "2026-01-01", "until": "2026-06-01"}
    merged, found = parts.merged(base, {**base, **mine}, {**base, **theirs})
    assert found == conflicts
    assert merged == ({**base, **mine} if conflicts else {**base, **mine, **theirs})


plains = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2))


@given(plains, plains, plains)
def test_merging_takes_each_field_from_who_changed_it(base, mine, theirs):
    merged, conflicts = parts.merged(base, mine, theirs)
    for name in "abcd":
        values = base.get(name), mine.get(name), theirs.get(name)
        original, own, other = values
        wanted = other if own == original else own
        assert merged.get(name) == wanted
        assert (name in conflicts) == (len({original, own, other}) == 3)


@pytest.mark.parametrize("side", [0, 1])
def test_merging_with_an_unchanged_side_gives_the_other_side(side):
    base, changed = {"a": 1, "b": 2}, {"a": 5, "c": 3}
    sides = (changed, base) if side else (base, changed)
    assert parts.merged(base, *sides) == (changed, ())
