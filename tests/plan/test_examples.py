"""The shipped examples are complete plans one can start from."""

import pytest

from wegmarke.plan import documents, examples
from wegmarke.plan.checks import findings_of

KEYS = [one.key for one in examples.every()]
NAMED_IN_THE_TEXTS = {
    "saas": {
        *("welcome_mail", "kickoff_call", "implementation_check_in", "onboarding_training"),
        *("milestone_celebration", "adoption_nudge", "feature_training", "advanced_training"),
        *("use_case_sharing", "community_invitation", "value_report", "regular_check_in", "business_review"),
        *("executive_sponsor", "health_outreach", "renewal_sequence", "upgrade_prompt", "whitespace_talk"),
        *("expansion_proposal", "cross_sell_campaign", "renewal_reminder_90", "renewal_reminder_60"),
        *("renewal_reminder_30", "value_summary", "negotiation_meeting", "urgency_message", "ticket_answer"),
        *("bug_fix", "feature_request", "documentation", "troubleshooting_guide", "invoice"),
        *("password_reset", "subscription_confirmation", "in_app_message", "knowledge_base"),
        *("community_forum", "product_use"),
    },
    "purchase": {
        *("display_ad", "direct_mail", "landing_page", "reference_story", "seminar", "product_review"),
        *("social_media_post", "quote", "store_purchase", "online_order", "partner_purchase"),
        *("sales_rep_visit", "product_use", "service_request", "invoice", "return", "newsletter"),
        *("feedback_survey", "repeat_purchase", "recommendation", "customer_event", "lost_deal_interview"),
    },
    "template": {"landing_page", "checkout", "order"},
}


@pytest.mark.parametrize("key", KEYS)
def test_an_example_is_a_valid_plan_with_everything_in_both_languages(key):
    plan = examples.plan_of(key)
    assert findings_of(plan) == ()
    for touchpoint in plan.touchpoints:
        for text in (touchpoint.name, touchpoint.purpose, touchpoint.timing, touchpoint.notes):
            assert bool(text.de) == bool(text.en), touchpoint.key


@pytest.mark.parametrize("key", KEYS)
def test_an_example_holds_the_touchpoints_of_its_business(key):
    plan = examples.plan_of(key)
    assert {one.key for one in plan.touchpoints} >= NAMED_IN_THE_TEXTS[key]
    assert {one.key for one in plan.phases} == {
        key for one in plan.touchpoints for key in one.phases if plan.journeys[0].phase_of(key)
    }, "each phase has a touchpoint"


@pytest.mark.parametrize("key", ["saas", "purchase"])
def test_each_touchpoint_of_a_full_example_has_its_design_card(key):
    for one in examples.plan_of(key).touchpoints:
        said = (one.phases, one.channel, one.department, one.purpose, one.timing, one.nature, one.worth)
        assert all(said), one.key
        assert one.media is not None
        assert one.planned is not None
        assert one.started_by.name in {"COMPANY", "CUSTOMER"}
        assert one.owners == (), "people are named by whoever adopts it"


def test_the_life_cycle_has_at_least_45_touchpoints_and_windows_in_days():
    plan = examples.plan_of("saas")
    assert len(plan.touchpoints) >= 45
    assert [(p.from_day, p.to_day) for p in plan.phases[:3]] == [(0, 90), (90, 365), (365, None)]


def test_departments_are_named_in_the_language_of_the_reader():
    german = {one.department for one in examples.plan_of("saas", "de-at").touchpoints}
    english = {one.department for one in examples.plan_of("saas", "en").touchpoints}
    assert "Vertrieb" in german
    assert "Sales" not in german
    assert "Sales" in english


def test_an_example_is_counted_as_it_is():
    for one in examples.every():
        plan = documents.load(examples.text_of(one.key))
        assert (one.touchpoints, one.phases) == (len(plan.touchpoints), len(plan.phases))


def test_an_unknown_example_is_refused():
    with pytest.raises(examples.NoSuchExampleError):
        examples.plan_of("../../etc/passwd")
