"""What equal looking rules mean is saved: the order in which they are asked, and 1 beside true."""

from datetime import UTC, datetime

import pytest

from wegmarke.plan import parts, queries, services
from wegmarke.plan.documents import dump, load
from wegmarke.plan.rules import basis_of
from wegmarke.record.contracts import BindingRule, Condition, Operator
from wegmarke.team.contracts import NotAllowedError

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
FELT = """name: a
touchpoints:
  - key: k
    name: n
    experience: {%s}
"""
BAD_FIRST = load(FELT % "bad: [{property: s, below: 3}], good: [{property: s, above: 1}]")
GOOD_FIRST = load(FELT % "good: [{property: s, above: 1}], bad: [{property: s, below: 3}]")
BOUND = "name: a\ntouchpoints:\n  - {key: k, name: n, events: [{event: e, where: [{property: p, is: %s}]}]}\n"
PAIRS = [
    pytest.param(BAD_FIRST, GOOD_FIRST, id="order"),
    pytest.param(load(BOUND % "1"), load(BOUND % "true"), id="1 and true"),
    pytest.param(load(BOUND % "0"), load(BOUND % "false"), id="0 and false"),
]
ONE, TRUE = (BindingRule("e", (Condition("p", Operator.IS, value),)) for value in (1, True))


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_they_are_a_change_and_other_figures(before, after):
    assert [change.key for change in parts.changes_between(before, after)] == ["k"]
    assert basis_of(before) != basis_of(after)
    assert parts.exact_parts(load(dump(after))) == parts.exact_parts(after)


@pytest.mark.parametrize(("before", "after"), PAIRS)
@pytest.mark.django_db
def test_saving_the_one_over_the_other_stores_it(before, after):
    services.save(before, by=None, now=NOW)
    saved = services.save(after, by=None, now=NOW)
    assert (saved.version, saved.basis) == (2, 2)
    assert parts.exact_parts(saved.plan) == parts.exact_parts(after)
    assert len(queries.differences(1, 2)) == 1


@pytest.mark.parametrize(("before", "after"), PAIRS)
@pytest.mark.django_db
def test_changing_only_the_touchpoint_stores_it(before, after):
    services.save(before, by=None, now=NOW)
    services.change_touchpoint(after.touchpoints[0], based_on=1, by=None, now=NOW)
    assert parts.exact_parts(queries.current().plan) == parts.exact_parts(after)


def test_touchpoints_told_apart_by_a_number_and_a_truth_are_both_bound():
    both = load(BOUND % "1" + (BOUND % "true").splitlines()[-1].replace("key: k", "key: other"))
    assert len(both.touchpoints) == 2


@pytest.mark.django_db
def test_leaving_one_alone_says_nothing_about_the_other():
    services.leave_alone([ONE], by=None, now=NOW)
    services.leave_alone([ONE, TRUE], by=None, now=NOW)
    services.look_again([ONE], by=None, now=NOW)
    left = queries.current().plan.not_touchpoints
    assert [rule.where[0].value is True for rule in left] == [True]


@pytest.mark.django_db
def test_an_owner_cannot_turn_the_one_into_the_other(django_user_model):
    plan = load((BOUND % "1").replace("key: k", "key: k, owners: [kim]"))
    services.save(plan, by=None, now=NOW)
    kim = django_user_model.objects.create_user("kim", role="viewer")
    other = load((BOUND % "true").replace("key: k", "key: k, owners: [kim]")).touchpoints[0]
    with pytest.raises(NotAllowedError):
        services.change_touchpoint(other, based_on=1, by=kim, now=NOW)
