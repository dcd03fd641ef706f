"""The models that come with Wegmarke: complete in both languages, valid, taken over without a collision."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wegmarke.atlas.journeys.shipped import NAMES, shipped, with_own_keys
from wegmarke.plan.contracts import Plan, Text
from wegmarke.plan.rules import findings_of


@pytest.mark.parametrize("name", NAMES)
def test_a_model_says_everything_in_both_languages(name):
    journey = shipped()[name]
    assert journey.name.de
    assert journey.name.en
    assert journey.phases
    for phase in journey.phases:
        assert phase.name.de
        assert phase.name.en
        assert phase.goal.de != phase.goal.en


def test_the_four_models_have_the_phases_of_the_field():
    phases = {name: [phase.name.en for phase in journey.phases] for name, journey in shipped().items()}
    assert phases["before_during_after"] == [
        "Before the purchase",
        "During the purchase",
        "After the purchase",
    ]
    assert phases["awareness_to_advocacy"] == [
        "Awareness",
        "Consideration",
        "Conversion",
        "Retention",
        "Advocacy",
    ]
    assert phases["perception_to_repurchase"] == ["Perception", "Evaluation", "Purchase", "Use", "Repurchase"]
    assert phases["saas_life_cycle"] == [
        "Onboarding", "Adoption", "Retention", "Expansion", "Renewal", "Advocacy", "Support",
    ]  # fmt: skip


def test_the_life_cycle_has_its_days():
    onboarding, adoption, retention, *others = shipped()["saas_life_cycle"].phases
    assert (onboarding.from_day, onboarding.to_day) == (0, 90)
    assert (adoption.from_day, adoption.to_day) == (90, 365)
    assert (retention.from_day, retention.to_day) == (365, None)
    assert all(phase.from_day is None for phase in others)


def test_all_of_them_twice_stand_in_one_plan():
    plan = Plan(name=Text("Firma", "Company"), unbound_names_are_touchpoints=True)
    for journey in (*shipped().values(), *shipped().values()):
        own, became = with_own_keys(journey, plan)
        assert list(became) == list(journey.phase_keys())
        plan = replace(plan, journeys=(*plan.journeys, own))
    assert len(plan.journeys) == 8
    assert findings_of(plan) == ()
