"""Quoted names in a sentence become links; everything else stays text."""

from __future__ import annotations

from dataclasses import replace

from support.insights import effect, moments, moments_insight
from wegmarke.analysis.journeys import StartedBy
from wegmarke.insights import wording
from wegmarke.insights.links import in_sentence


def test_a_quoted_name_with_an_address_is_linked_and_all_else_escaped():
    shown = in_sentence("„A & B“ <b> “A & B” “C” A & B", {"A & B": "/x/", "C": ""})
    linked = '<a href="/x/">A &amp; B</a>'
    assert shown == f"„{linked}“ &lt;b&gt; “{linked}” “C” A &amp; B"


def test_leaving_after_a_touch_the_customer_started_is_not_called_chance():
    found = replace(moments()[0], touch_on_leaving=effect(0.1, 0.02), started_by=StartedBy.CUSTOMER)
    assert "they start it themselves" in wording.unproven_reason(found, moments_insight())
    unknown = replace(found, started_by=StartedBy.UNKNOWN)
    assert "the plan does not say that the company starts it" in wording.unproven_reason(
        unknown, moments_insight()
    )
