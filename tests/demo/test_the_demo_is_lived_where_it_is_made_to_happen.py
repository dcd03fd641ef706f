"""The phases of the demo's plan begin with what really begins them: the lived map tells what was planted."""

from datetime import date

import pytest

from wegmarke.analysis.placement import PlacementQuestion
from wegmarke.demo.export import plan_text
from wegmarke.demo.generate import generate
from wegmarke.insights.courses import phases_of
from wegmarke.plan import documents
from wegmarke.plan.rules import bindings_of
from wegmarke.record.laying import lay_out
from wegmarke.record.running import ask

PLAN = documents.load(plan_text())
JOURNEY = PLAN.journeys[0]


@pytest.fixture(scope="module")
def lived():
    made = generate(seed=3, ends_on=date(2026, 6, 30), customers=3000)
    shard = lay_out(made.events, bindings_of(PLAN), traits=made.traits)
    found = ask(PlacementQuestion(phases_of(JOURNEY, PLAN)), [shard])
    return {one.touchpoint: one for one in found.touchpoints}


def share(placement, phase):
    return dict(placement.lived).get(phase, 0) / placement.touches


def test_every_phase_says_what_it_begins_with_and_only_with_touchpoints_of_its_own():
    for phase in JOURNEY.phases:
        assert phase.entered_by
        for key in phase.entered_by:
            assert JOURNEY.place_of(PLAN.touchpoint(key)) == phase, key


def test_a_parcel_and_what_follows_it_is_lived_in_use_though_the_company_sends_it(lived):
    for key in ("delivery", "unboxing", "returns"):
        assert lived[key].mostly == "use", key
        assert share(lived[key], "use") > 0.95, key


def test_the_request_for_a_review_comes_in_use_and_not_in_loyalty_as_planned(lived):
    # Nine days after an order has arrived.
    assert lived["review_request"].planned == "loyalty"
    assert lived["review_request"].mostly == "use"
    assert lived["review_request"].as_planned.high < 0.2


def test_the_contact_form_is_met_in_the_purchase_by_those_whose_card_failed(lived):
    assert lived["support_form"].planned == "use"
    assert lived["support_form"].mostly == "purchase"


def test_ads_in_search_find_new_people_and_ads_in_social_media_mostly_customers(lived):
    assert share(lived["ad_search"], "awareness") > 0.95
    assert lived["ad_social"].as_planned.high < 0.5
