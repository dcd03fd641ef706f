"""Candidates and sampled events made by hand."""

from __future__ import annotations

from dataclasses import replace

from wegmarke.analysis.journeys import StartedBy
from wegmarke.atlas.discovery.contracts import Candidate, Found
from wegmarke.atlas.discovery.rules import key_of
from wegmarke.plan.contracts import Phase, Plan, Text, Touchpoint, one_journey
from wegmarke.record.contracts import BindingRule, SampledEvent, UnboundName

PLAN = Plan(
    Text("Firma", "Company"),
    one_journey(Phase("buy", Text("Kaufen", "Buy")), Phase("use", Text("Nutzen", "Use"))),
    (Touchpoint("order", Text("Bestellung", "Order"), phases=("buy",), rules=(BindingRule("order"),)),),
)


def candidate(event: str = "call", **changed) -> Candidate:
    rules = changed.pop("rules", (BindingRule(event),))
    base = Candidate(
        key=key_of(rules),
        rules=rules,
        name=Text(event.capitalize(), event.capitalize()),
        channel="phone",
        phase="use",
        started_by=StartedBy.CUSTOMER,
        events=1200,
        persons=800,
        share=0.4,
        first=1_735_689_600,
        last=1_767_225_600,
        months={"2025-01": 500, "2025-03": 700},
    )
    return replace(base, **changed)


def found(*candidates: Candidate) -> Found:
    return Found(candidates, names=12, events=5000, persons=2000, touched=1660, rare=3)


def sampled(name: str, events) -> UnboundName:
    """Return a name with sampled events: (person, properties) or (person, properties, before, month)."""
    sample = tuple(
        SampledEvent(
            person=one[0],
            month=one[3] if len(one) > 3 else 0,
            before=one[2] if len(one) > 2 else "",
            properties=one[1],
        )
        for one in events
    )
    return UnboundName(name, len(sample), sample)
