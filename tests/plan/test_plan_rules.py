"""What is wrong with a plan, and how the record binds by it."""

from dataclasses import replace

import pytest

from wegmarke.analysis.journeys import Experience, StartedBy
from wegmarke.plan.contracts import Funnel, Leaving, Phase, Plan, Text, Touchpoint, one_journey
from wegmarke.plan.rules import bindings_of, findings_of, properties_of
from wegmarke.record.contracts import BindingRule, Condition, ExperienceRule, Operator, TouchpointBinding

LATE = ExperienceRule(Experience.BAD, (Condition("days_late", Operator.ABOVE, 1),))
CART = Touchpoint("cart", Text("Warenkorb", "Cart"), ("buy",), rules=(BindingRule("Cart Viewed"),))
PARCEL = Touchpoint(
    "parcel",
    Text("Paket", "Parcel"),
    ("use", "buy"),
    started_by=StartedBy.COMPANY,
    rules=(BindingRule("Delivered"),),
    experience=(LATE,),
)
SHOP = Plan(
    name=Text("Laden", "Shop"),
    journeys=one_journey(Phase("buy", Text("Kauf", "Buy")), Phase("use", Text("Nutzung", "Use"))),
    touchpoints=(CART, PARCEL),
    leaving=Leaving(quiet_days=20),
    moving_on=("parcel",),
    attributes=("segment",),
    funnels=(Funnel("f", Text("F", "F"), ("cart", "parcel"), 3.0),),
    currency="EUR",
)


def with_touchpoint(**changes):
    return replace(SHOP, touchpoints=(CART, replace(PARCEL, **changes)))


def with_condition(operator, value):
    return with_touchpoint(rules=(BindingRule("Delivered", (Condition("a", operator, value),)),))


def test_a_valid_plan_has_no_findings():
    assert findings_of(SHOP) == ()


def test_bindings_keep_order_and_place_a_touchpoint_in_its_first_phase():
    bindings = bindings_of(SHOP)
    assert bindings.phases == ("buy", "use")
    assert bindings.attributes == ("segment",)
    assert bindings.touchpoints == (
        TouchpointBinding("cart", CART.rules, phase="buy"),
        TouchpointBinding(
            "parcel", PARCEL.rules, (LATE,), Experience.NEUTRAL, phase="use", started_by=StartedBy.COMPANY
        ),
    )


@pytest.mark.parametrize(
    ("experience", "otherwise", "expected"),
    [
        ((LATE,), None, Experience.NEUTRAL),
        ((), None, Experience.UNKNOWN),
        ((LATE,), Experience.GOOD, Experience.GOOD),
        ((), Experience.NEUTRAL, Experience.NEUTRAL),
    ],
)
def test_a_touch_no_rule_decides_is_neutral_where_rules_exist_and_unknown_elsewhere(
    experience, otherwise, expected
):
    plan = with_touchpoint(experience=experience, otherwise=otherwise)
    assert bindings_of(plan).touchpoints[1].otherwise is expected


@pytest.mark.parametrize(
    ("plan", "path", "sentence"),
    [
        (replace(SHOP, name=Text(" ", "")), "name", "A name is missing."),
        (
            replace(SHOP, journeys=one_journey(*SHOP.phases, SHOP.phases[0])),
            "journeys[0].phases[2].key",
            "“buy” is there twice",
        ),
        (
            replace(SHOP, touchpoints=(CART, PARCEL, replace(CART, rules=()))),
            "touchpoints[2].key",
            "“cart” is there",
        ),
        (with_touchpoint(key="a b"), "touchpoints[1].key", "“a b” is no key"),
        (with_touchpoint(key="a" * 101), "touchpoints[1].key", "is no key"),
        (with_touchpoint(name=Text("", "")), "touchpoints[1].name", "A name is missing"),
        (with_touchpoint(phases=("try",)), "touchpoints[1].phases[0]", "no phase “try”"),
        (with_touchpoint(phases=("buy", "buy")), "touchpoints[1].phases[1]", "twice"),
        (
            with_touchpoint(rules=(BindingRule(" "),)),
            "touchpoints[1].events[0]",
            "name of the event is missing",
        ),
        (
            with_touchpoint(rules=CART.rules),
            "touchpoints[1].events[0]",
            "always goes to the touchpoint “cart”",
        ),
        (
            with_touchpoint(rules=(BindingRule("Cart Viewed", LATE.when),)),
            "touchpoints[1].events[0]",
            "always goes to the touchpoint “cart”",
        ),
        (
            with_touchpoint(experience=(ExperienceRule(Experience.BAD, ()),)),
            "touchpoints[1].experience[0]",
            "no cond",
        ),
        (with_condition(Operator.ABOVE, "x"), "touchpoints[1].events[0].where[0]", "“above” needs a number"),
        (with_condition(Operator.AT_MOST, float("nan")), "touchpoints[1].events[0].where[0]", "number"),
        (with_condition(Operator.BELOW, True), "touchpoints[1].events[0].where[0]", "number"),
        (with_condition(Operator.IN, ()), "touchpoints[1].events[0].where[0]", "list"),
        (with_condition(Operator.EXISTS, None), "touchpoints[1].events[0].where[0]", "true or false"),
        (with_condition(Operator.CONTAINS, ""), "touchpoints[1].events[0].where[0]", "text"),
        (with_condition(Operator.IS, None), "touchpoints[1].events[0].where[0]", "“is” needs"),
        (
            with_touchpoint(rules=(BindingRule("D", (Condition(" ", Operator.IS, 1),)),)),
            "touchpoints[1].events[0].where[0]",
            "property is missing",
        ),
        (replace(SHOP, leaving=Leaving()), "leaving", "needs"),
        (replace(SHOP, leaving=Leaving(("cart",), 5)), "leaving", "not both"),
        (replace(SHOP, leaving=Leaving(("gone",))), "leaving.touchpoints[0]", "no touchpoint “gone”"),
        (replace(SHOP, leaving=Leaving(quiet_days=0)), "leaving.quiet_days", "longer than 0"),
        (
            replace(SHOP, touchpoints=(PARCEL,), funnels=()),
            "leaving.quiet_days",
            "everyone would count as silent",
        ),
        (replace(SHOP, moving_on=("parcel", "gone")), "moving_on[1]", "no touchpoint “gone”"),
        (replace(SHOP, horizon_days=-1, leaving=None), "horizon_days", "longer than 0"),
        (replace(SHOP, horizon_days=float("nan"), leaving=None), "horizon_days", "longer than 0"),
        (replace(SHOP, margin=2), "margin", "not 2"),
        (replace(SHOP, attributes=("a", " ")), "attributes[1]", "missing"),
        (replace(SHOP, attributes=("a", "a")), "attributes[1]", "twice"),
        (
            replace(SHOP, funnels=(replace(SHOP.funnels[0], steps=("cart",)),)),
            "funnels[0].steps",
            "two steps",
        ),
        (
            replace(SHOP, funnels=(replace(SHOP.funnels[0], steps=("cart", "x")),)),
            "funnels[0].steps[1]",
            "“x”",
        ),
        (
            replace(SHOP, funnels=(replace(SHOP.funnels[0], window_days=0),)),
            "funnels[0].window_days",
            "longer",
        ),
        (replace(SHOP, funnels=(replace(SHOP.funnels[0], name=Text("", "")),)), "funnels[0].name", "missing"),
        (replace(SHOP, currency="Euro"), "currency", "“Euro” is no currency"),
    ],
)
def test_what_makes_no_sense_is_found_with_its_path(plan, path, sentence):
    (finding,) = [f for f in findings_of(plan) if f.path == path]
    assert sentence in str(finding)


def test_properties_are_those_of_binding_and_of_experience_each_once():
    assert properties_of(SHOP) == ("days_late",)
    twice = (
        BindingRule("Delivered", (Condition("a.b", Operator.IS, 1), Condition("days_late", Operator.IS, 1))),
    )
    assert properties_of(with_touchpoint(rules=twice)) == ("a.b", "days_late")
    assert properties_of(replace(SHOP, touchpoints=(CART,))) == ()


def test_all_findings_come_at_once():
    plan = replace(SHOP, moving_on=("x",), margin=0, leaving=Leaving(), currency="e")
    assert [f.path for f in findings_of(plan)] == ["leaving", "moving_on[0]", "margin", "currency"]


def test_a_narrower_rule_may_stand_before_a_wider_one():
    narrow = replace(PARCEL, key="late", rules=(BindingRule("Delivered", LATE.when),))
    assert findings_of(replace(SHOP, touchpoints=(CART, narrow, PARCEL))) == ()


def test_any_event_name_may_be_meant_where_every_name_is_a_touchpoint():
    plan = replace(SHOP, moving_on=("Some Event",), unbound_names_are_touchpoints=True)
    assert findings_of(plan) == ()
