"""A plan in which every field of a card is filled, and one in which somebody meant harm."""

from __future__ import annotations

from dataclasses import replace

from support.insights import HOSTILE, plan
from wegmarke.analysis.journeys import Experience, StartedBy
from wegmarke.plan.contracts import (
    Content,
    Journey,
    Measure,
    Media,
    Metric,
    Nature,
    Phase,
    Plan,
    Promise,
    Status,
    Step,
    Text,
    Touchpoint,
    Worth,
)
from wegmarke.record.contracts import BindingRule, Condition, ExperienceRule, Operator

FULL = Touchpoint(
    key="checkout",
    name=Text("Bezahlen", "Payment"),
    phases=("purchase", "look"),
    status=Status.LIVE,
    channel="web",
    department="Shop",
    owners=("olga", "Ben"),
    started_by=StartedBy.CUSTOMER,
    nature=Nature.DIGITAL,
    planned=True,
    worth=Worth.VALUE_CREATING,
    media=Media.OWNED,
    purpose=Text("Bestellung abschließen", "Complete the order"),
    timing=Text("am Ende des Einkaufs", "at the end of the purchase"),
    per_quarter=1.5,
    content=(
        Content(Text("Sicher zahlen", "Pay safely"), "new customers", "purchase"),
        Content(Text("Danke", "Thank you")),
    ),
    metric=Metric(Measure.NET_EXPERIENCE, 0.3),
    cost=0.35,
    minutes=2.0,
    promises=("quick",),
    notes=Text("Kasse neu seit 2025", "New till since 2025"),
    rules=(
        BindingRule("Payment Entered", (Condition("step", Operator.IS, "payment"),)),
        BindingRule("Checkout *", (Condition("basket.items", Operator.AT_LEAST, 2),)),
    ),
    experience=(
        ExperienceRule(Experience.BAD, (Condition("wait_minutes", Operator.ABOVE, 60),)),
        ExperienceRule(
            Experience.GOOD,
            (
                Condition("status", Operator.IN, ("paid", "on account")),
                Condition("express", Operator.IS, True),
            ),
        ),
    ),
    otherwise=Experience.NEUTRAL,
)


def full_plan() -> Plan:
    base = plan()
    return replace(
        base,
        journeys=(
            *base.journeys,
            Journey(
                "visit",
                Text("Besuch", "Visit"),
                phases=(
                    Phase("come", Text("Kommen", "Come"), steps=(Step("look", Text("Umsehen", "Look")),)),
                ),
            ),
        ),
        touchpoints=tuple(FULL if one.key == "checkout" else one for one in base.touchpoints),
        promises=(Promise("quick", Text("Schnelle Hilfe", "Quick help")),),
    )


def hostile_plan() -> Plan:
    """Return a plan with a hostile text in every field that takes one."""
    bad, worse, worst = HOSTILE[0], HOSTILE[1], HOSTILE[2]
    text = Text(bad, worse)
    touchpoint = replace(
        FULL,
        name=text,
        channel=worse,
        department=worst,
        owners=(bad, worse),
        purpose=text,
        timing=text,
        notes=text,
        content=(Content(text, worst, "purchase"),),
        rules=(BindingRule(bad, (Condition(worse, Operator.IS, worst),)),),
        experience=(ExperienceRule(Experience.BAD, (Condition(bad, Operator.IN, (worse, worst)),)),),
    )
    base = full_plan()
    return replace(
        base,
        name=text,
        journeys=tuple(
            replace(one, name=text, phases=tuple(replace(phase, name=text) for phase in one.phases))
            for one in base.journeys
        ),
        touchpoints=tuple(touchpoint if one.key == "checkout" else one for one in base.touchpoints),
        promises=(Promise("quick", text, text),),
    )
