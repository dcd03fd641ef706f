"""Unmeasured causes, support, crude against adjusted, and situations, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import translation

from support.insights import effect, moments, moments_insight, plan
from wegmarke.analysis.insight import SituationLevel
from wegmarke.insights import evidence, moment_tables
from wegmarke.insights.names import Names

CHECKOUT = moments()[0]
DAY = 86_400


def test_the_e_value_is_said_as_a_cause_that_would_have_to_be_that_strong():
    with translation.override("en"):
        text = evidence.unmeasured_cause(CHECKOUT)
    assert "at least 4.3 times as likely" in text
    assert "3.1 times would do. That is a sturdy finding." in text
    with translation.override("de"):
        text = evidence.unmeasured_cause(CHECKOUT)
    assert "mindestens 4,3-mal so wahrscheinlich" in text
    assert "das 3,1-Fache. Das ist ein belastbarer Befund." in text


@pytest.mark.parametrize(
    ("bound", "ending"),
    [
        (1.1, "That is a fragile finding: a small unmeasured cause would be enough."),
        (1.25, "That is a fairly sturdy finding."),
        (2.0, "That is a sturdy finding."),
        (1.0, "The interval alone already includes no effect."),
    ],
)
def test_a_finding_is_called_as_sturdy_as_its_bound_is(bound, ending):
    with translation.override("en"):
        assert evidence.unmeasured_cause(replace(CHECKOUT, e_value_bound=bound)).endswith(ending)


def test_without_an_e_value_nothing_is_said():
    assert evidence.unmeasured_cause(replace(CHECKOUT, e_value=None)) == ""


@pytest.mark.parametrize(
    ("share", "beginning"),
    [
        (0.0, "Every one of these touches"),
        (0.0004, "Practically every one of these touches"),
        (0.004, "0.4%"),
        (0.034, "3%"),
    ],
)
def test_a_small_share_outside_support_is_not_called_nothing(share, beginning):
    with translation.override("en"):
        assert evidence.support(effect(0.1, 0.02, outside_support=share)).startswith(beginning)


@pytest.mark.parametrize(
    ("crude", "part"),
    [
        (0.1, "comes to the same +10 percentage points"),
        (0.11, "who ends up here explains little of it"),
        (0.2, "The rest is who ends up here"),
        (0.02, "hides part of the effect"),
    ],
)
def test_the_plain_comparison_is_set_against_like_situations(crude, part):
    with translation.override("en"):
        text = evidence.crude_against_adjusted(effect(0.1, 0.02, crude=crude))
    assert part in text
    assert "+10" in text


@pytest.mark.parametrize(
    ("kind", "level", "german", "english"),
    [
        ("phase", "phase=purchase", "Phase: Kauf", "Phase: Purchase"),
        ("phase", "phase=", "Phase: noch keine", "Phase: none yet"),
        ("phase", "phase=other", "Phase: andere", "Phase: other"),
        ("attribute", "attribute=Privat=Gold", "attribute: Privat=Gold", "attribute: Privat=Gold"),
        ("attribute", "attribute=other", "attribute: andere", "attribute: other"),
        ("attribute", "attribute=", "attribute: unbekannt", "attribute: unknown"),
        (
            "tenure",
            f"tenure=0..{30 * DAY}",
            "seit weniger als 30 Tagen bekannt",
            "known for less than 30 days",
        ),
        (
            "tenure",
            f"tenure={2 * DAY}..{30 * DAY}",
            "seit 2 Tagen bis 30 Tagen bekannt",
            "known for 2 days to 30 days",
        ),
        (
            "tenure",
            f"tenure={180 * DAY}..",
            "seit 180 Tagen oder länger bekannt",
            "known for 180 days or longer",
        ),
        (
            "days_since_last",
            "days_since_last=0..900",
            "letzte Berührung vor weniger als 15 Minuten",
            "last touch less than 15 minutes ago",
        ),
        (
            "days_since_last",
            f"days_since_last={DAY}..",
            "letzte Berührung vor 1 Tag oder früher",
            "last touch 1 day ago or longer",
        ),
        (
            "touches_30_days",
            "touches_30_days=0..2",
            "0 bis 1 Berührung in den letzten 30 Tagen",
            "0 to 1 touch in the last 30 days",
        ),
        (
            "touches_30_days",
            "touches_30_days=2..",
            "2 oder mehr Berührungen in den letzten 30 Tagen",
            "2 or more touches in the last 30 days",
        ),
        ("bad_so_far", "bad_so_far=0..1", "bisher nichts Schlechtes erlebt", "nothing bad so far"),
        ("bad_so_far", "bad_so_far=1..2", "1 schlechtes Erlebnis bisher", "1 bad experience so far"),
        (
            "tenure",
            "tenure=nonsense",
            "Zeit seit der ersten Berührung: nonsense",
            "Time since the first touch: nonsense",
        ),
    ],
)
def test_situations_are_said_in_words(kind, level, german, english):
    feature = SituationLevel(kind, kind, 2, (), ())
    with translation.override("de"):
        assert evidence.level_text(feature, level, Names(plan())) == german
    with translation.override("en"):
        assert evidence.level_text(feature, level, Names(plan())) == english


@pytest.mark.parametrize(
    ("kind", "labels", "german"),
    [
        ("phase", ("purchase",), "Phase: alle außer Kauf"),
        ("attribute", ("Privat", ""), "attribute: alle außer Privat, unbekannt"),
        ("attribute", ("a", "b", "c", "d"), "attribute: andere"),
    ],
)
def test_the_others_are_said_by_what_they_leave_out(kind, labels, german):
    feature = SituationLevel(kind, kind, len(labels) + 1, (), labels)
    with translation.override("de"):
        assert evidence.level_text(feature, f"{kind}=other", Names(plan())) == german


def test_the_same_words_about_several_effects_are_said_once():
    said = evidence.said_once([("a", "same"), ("b", "other"), ("c", "same")])
    assert said == (("a · c", "same"), ("b", "other"))


def test_what_all_situations_share_is_said_once():
    names, insight = Names(plan()), moments_insight()
    with translation.override("en"):
        assert moment_tables.shared_situation(CHECKOUT, insight, names) == (
            "Phase: Purchase",
            "Segment: Privat",
        )
        table = moment_tables.strata(CHECKOUT, insight, names)
    assert [row.cells[0].text for row in table.rows] == [
        "known for less than 180 days · nothing bad so far",
        "known for 180 days or longer · 1 or more bad experiences so far",
    ]
    assert [cell.text for cell in table.rows[0].cells[1:]] == [
        "900",
        "300 (33%)",
        "4,000",
        "520 (13%)",
        "+20",
    ]
