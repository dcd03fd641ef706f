from __future__ import annotations

from dataclasses import replace

import pytest
from discovery_samples import PLAN

from wegmarke.analysis.journeys import StartedBy
from wegmarke.atlas.discovery import proposing, rules
from wegmarke.atlas.discovery.patterns import path_forms
from wegmarke.atlas.discovery.splitting import Telling
from wegmarke.plan.contracts import Phase, Text, Touchpoint
from wegmarke.record.contracts import (
    BindingRule,
    Condition,
    Operator,
    Split,
    UnboundGroup,
    UnboundTally,
)

CAMPAIGN = Telling(Split("campaign", str), 3.0)


def group(name, form=None, **changed):
    base = UnboundGroup(
        name=name,
        form=form,
        events=100,
        persons=50,
        first=0,
        last=9,
        months={"2026-01": 100},
        phases={},
        median_day=3.0,
        busiest=0.1,
        regular=0.0,
        rated=0,
    )
    return replace(base, **changed)


def candidates(*groups, tellings=None, plan=PLAN, phases=None):
    tally = UnboundTally(tuple(groups), 1000, 200, 150, phases or {})
    return rules.found_in(tally, tellings or {}, {}, plan).candidates


def test_a_campaign_becomes_a_rule_with_a_condition_and_a_name_people_read():
    [one] = candidates(group("email_delivered", "spring_sale"), tellings={"email_delivered": CAMPAIGN})
    assert one.rules == (
        BindingRule("email_delivered", (Condition("campaign", Operator.IS, "spring_sale"),)),
    )
    assert one.name == Text("E-Mail: Spring sale", "Email: Spring sale")
    assert (one.channel, one.started_by, one.share) == ("mail", StartedBy.COMPANY, 0.25)


def test_patterns_and_endings_become_rules_of_their_own():
    telling = Telling(Split("path", path_forms({})), 3.0, frozenset({"", "/", "?*"}))
    [one] = candidates(group("page_viewed", "/product/*"), tellings={"page_viewed": telling})
    assert [(r.where[0].operator, r.where[0].value) for r in one.rules] == [
        (Operator.LIKE, "/product/*"),
        (Operator.LIKE, "/product/*/"),
        (Operator.LIKE, "/product/*?*"),
    ]
    assert one.name.de == "Seite: /product/…"


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ("orderCompleted", "Order completed"),
        ("NPS Answered", "NPS Answered"),
        ("parcel_redirected", "Parcel redirected"),
        ("  Beratung   vor Ort ", "Beratung vor Ort"),
        ("a\u202eb\x00c", "A b c"),
        ("___", "___"),
        ("", "?"),
    ],
)
def test_names_are_written_as_people_would(event, name):
    assert proposing.humanised(event) == name


def test_opened_and_sent_belong_to_what_was_delivered():
    names = ("email_sent", "email_delivered", "email_opened", "email_clicked")
    found = candidates(
        *(group(name, "welcome", events=100 + at) for at, name in enumerate(names)),
        tellings=dict.fromkeys(names, CAMPAIGN),
    )
    [one] = found
    assert one.rules[0].event == "email_delivered"
    assert {(follow.rule.event, follow.events) for follow in one.follow_ups} == {
        ("email_sent", 100),
        ("email_opened", 102),
        ("email_clicked", 103),
    }


def test_different_things_with_like_words_stay_apart():
    names = [
        "Order Completed",
        "Order Shipped",
        "Subscription Started",
        "Subscription Cancelled",
        "link_opened",
    ]
    assert len(candidates(*map(group, names))) == len(names)


def test_what_few_met_and_machines_wrote_is_set_apart():
    tally = UnboundTally(
        (
            group("typo", persons=4),
            group("health_check"),
            group("poll", regular=0.9),
            group("crawl", busiest=0.8),
            group("call"),
        ),
        500, 200, 100, {},
    )  # fmt: skip
    found = rules.found_in(tally, {}, {}, PLAN)
    assert found.rare == 1
    assert {one.rules[0].event for one in found.candidates if one.technical} == {
        "health_check",
        "poll",
        "crawl",
    }


def test_those_that_reached_most_customers_come_first():
    found = candidates(group("a", persons=10), group("b", persons=30), group("c", persons=20))
    assert [one.rules[0].event for one in found] == ["b", "c", "a"]


def test_two_that_would_be_called_the_same_name_their_event():
    found = candidates(
        group("email_delivered", "welcome"),
        group("newsletter_delivered", "welcome"),
        tellings=dict.fromkeys(("email_delivered", "newsletter_delivered"), CAMPAIGN),
    )
    assert len({one.name for one in found}) == 2


@pytest.mark.parametrize(
    ("known", "form"),
    [
        (Touchpoint("welcome", Text("Willkommen", "Welcome")), "welcome"),
        (
            Touchpoint(
                "x",
                Text("Hallo", "Hello"),
                rules=(BindingRule("email_sent", (Condition("campaign", Operator.IS, "spring_sale"),)),),
            ),
            "spring_sale",
        ),
    ],
    ids=["by name", "by rule"],
)
def test_what_looks_like_a_touchpoint_names_it(known, form):
    plan = replace(PLAN, touchpoints=(known,))
    found = candidates(
        group("email_opened", form),
        group("email_opened", "other"),
        tellings={"email_opened": CAMPAIGN},
        plan=plan,
    )
    assert {one.rules[0].where[0].value: one.like for one in found} == {form: known.key, "other": None}


def test_the_phase_is_the_one_that_stands_out_around_it():
    everywhere = {"buy": 900, "use": 100}
    assert candidates(group("a", phases={"buy": 50, "use": 50}), phases=everywhere)[0].phase == "use"
    assert candidates(group("a", phases={"buy": 90, "use": 10}), phases=everywhere)[0].phase is None


def test_without_neighbours_the_day_decides_where_phases_have_days():
    phases = (Phase("on", Text("A", "A"), from_day=0, to_day=90), Phase("later", Text("B", "B"), from_day=90))
    assert proposing.phase_of({}, {}, 12.0, phases) == "on"
    assert proposing.phase_of({}, {}, 120.0, phases) == "later"
    assert proposing.phase_of({}, {}, 12.0, (Phase("x", Text("X", "X")),)) is None


def test_a_channel_of_the_plan_is_written_as_there():
    plan = replace(PLAN, touchpoints=(Touchpoint("x", Text("X", "X"), channel="Phone"),))
    assert candidates(group("call_received"), plan=plan)[0].channel == "Phone"


def test_events_without_the_telling_property_are_one_candidate_if_they_are_many():
    split = {"email_delivered": CAMPAIGN}
    few = candidates(
        group("email_delivered", "a", events=990), group("email_delivered", None, events=10), tellings=split
    )
    many = candidates(
        group("email_delivered", "a", events=600), group("email_delivered", None, events=400), tellings=split
    )
    assert len(few) == 1
    assert many[1].rules == (
        BindingRule("email_delivered", (Condition("campaign", Operator.EXISTS, value=False),)),
    )


@pytest.mark.parametrize(
    ("by", "is_covered"),
    [
        (BindingRule("email_delivered"), True),
        (BindingRule("email*"), True),
        (BindingRule("email_delivered", (Condition("campaign", Operator.IS, "a"),)), True),
        (BindingRule("email_delivered", (Condition("campaign", Operator.IS, "b"),)), False),
        (BindingRule("mail*"), False),
    ],
)
def test_what_rules_cover_is_settled(by, is_covered):
    rule = BindingRule("email_delivered", (Condition("campaign", Operator.IS, "a"),))
    assert rules.covered(rule, [by]) is is_covered
