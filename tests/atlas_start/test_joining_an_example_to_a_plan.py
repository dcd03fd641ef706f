"""An example adds what a plan lacks and changes nothing the plan has."""

import pytest
from hypothesis import given, settings
from plan_strategies import plans

from wegmarke.atlas.start.rules import joined
from wegmarke.plan import examples
from wegmarke.plan.checks import findings_of
from wegmarke.plan.contracts import Phase, Plan, Text, Touchpoint, one_journey
from wegmarke.record.contracts import BindingRule

EXAMPLES = [examples.plan_of(one.key) for one in examples.every()]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda plan: plan.name.en)
@settings(max_examples=25, deadline=None)
@given(plan=plans())
def test_whatever_the_plan_it_stays_valid_and_keeps_what_it_has(example, plan):
    found = joined(plan, example)
    assert findings_of(found.plan) == ()
    assert found.plan.touchpoints[: len(plan.touchpoints)] == plan.touchpoints
    assert found.plan.journeys[: len(plan.journeys)] == plan.journeys
    assert {*found.added, *found.there} == {one.key for one in example.touchpoints}
    assert joined(found.plan, example).added == ()


def test_phases_come_along_as_another_model_unless_the_plan_has_them():
    example = EXAMPLES[0]
    beside = joined(Plan(name=Text("L", "S"), journeys=one_journey(Phase("x", Text("X", "X")))), example)
    assert [one.key for one in beside.plan.journeys] == ["main", "life_cycle"]
    taken = joined(Plan(name=Text("L", "S"), journeys=one_journey(Phase("renewal", Text("V", "R")))), example)
    assert [one.key for one in taken.plan.journeys] == ["main"]
    assert taken.plan.touchpoint("value_summary").phases == ("renewal",)
    assert taken.plan.touchpoint("welcome_mail").phases == ()


def test_events_the_plan_binds_already_stay_with_its_touchpoints():
    own = Touchpoint("mine", Text("M", "M"), rules=(BindingRule("Invoice Sent"),))
    found = joined(Plan(name=Text("L", "S"), touchpoints=(own,)), EXAMPLES[0])
    assert found.unbound == ("invoice",)
    assert found.plan.touchpoint("invoice").rules == ()
