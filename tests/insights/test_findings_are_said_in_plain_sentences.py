"""Each class has its sentence in both languages, with its uncertainty and no more digits than that bears."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import translation

from support.insights import effect, estimate, moment, moments, moments_insight
from wegmarke.analysis.insight import MomentClass
from wegmarke.insights import figures, wording
from wegmarke.insights.words import CLASSES

BY_KEY = {m.touchpoint: m for m in moments()}
NBSP = "\N{NO-BREAK SPACE}"


def said(key: str, language: str, name: str = "Bezahlen", **changed) -> str:
    with translation.override(language):
        return wording.sentence(replace(BY_KEY[key], **changed), moments_insight(), name)


@pytest.mark.parametrize(
    ("key", "german", "english"),
    [
        (
            "checkout",
            (
                "Wer am Touchpoint „Bezahlen“ etwas Schlechtes erlebt, wandert in den nächsten 30 Tagen um"
                " 8 bis 13"
                " Prozentpunkte häufiger ab."
            ),
            (
                "Whoever has a bad experience at “Bezahlen” leaves 8 to 13 percentage points more often"
                " within the"
                " next 30 days."
            ),
        ),
        (
            "coupon_mail",
            (
                "Wer mit „Bezahlen“ in Berührung kommt, wandert in den nächsten 30 Tagen um 4 bis 6"
                " Prozentpunkte"
                " häufiger ab: Schon der Kontakt selbst kostet Kunden."
            ),
            (
                "Whoever is met by “Bezahlen” leaves 4 to 6 percentage points more often within the next"
                " 30 days:"
                " the contact itself costs customers."
            ),
        ),
        (
            "repair",
            (
                "Wer am Touchpoint „Bezahlen“ etwas Gutes erlebt, kommt in den nächsten 30 Tagen um 6 bis 10"
                " Prozentpunkte häufiger weiter."
            ),
            (
                "Whoever has a good experience at “Bezahlen” moves on 6 to 10 percentage points more often"
                " within"
                " the next 30 days."
            ),
        ),
        (
            "tasting",
            (
                "Wer am Touchpoint „Bezahlen“ etwas Gutes erlebt, kommt in den nächsten 30 Tagen um 9 bis 15"
                " Prozentpunkte häufiger weiter; etwas Schlechtes treibt dort nachweislich kaum jemanden"
                " fort."
            ),
            (
                "Whoever has a good experience at “Bezahlen” moves on 9 to 15 percentage points more often"
                " within"
                " the next 30 days; a bad one demonstrably drives hardly anyone away."
            ),
        ),
        (
            "newsletter",
            (
                f"„Bezahlen“ nervt, schadet aber nicht: 40{NBSP}% der bewerteten Berührungen waren"
                " schlecht, und doch"
                " wandern Kunden danach um höchstens 0,9 Prozentpunkte häufiger ab."
            ),
            (
                "“Bezahlen” annoys but does no harm: 40% of the rated touches were bad, and yet people"
                " leave at most"
                " 0.9 percentage points more often afterwards."
            ),
        ),
        (
            "app",
            (
                "Was „Bezahlen“ bewirkt, ist noch nicht belegt: Die Abwanderung kann um bis zu 4 niedriger"
                " oder um bis"
                " zu 6 Prozentpunkte höher liegen. Es fehlen noch etwa 150 Bewertungen."
            ),
            (
                "What “Bezahlen” does is not proven yet: anything from 4 less to 6 percentage points more"
                " leaving is"
                " possible. About 150 more ratings are needed."
            ),
        ),
    ],
)
def test_each_class_has_its_sentence(key, german, english):
    assert said(key, "de") == german
    assert said(key, "en") == english


def test_an_advance_by_the_touch_alone_says_so():
    changed = {"good_on_moving_on": None, "touch_on_moving_on": effect(0.08, 0.02)}
    assert "Whoever meets “Bezahlen” moves on 6 to 10" in said("repair", "en", **changed)
    assert "Wer mit „Bezahlen“ in Berührung kommt, kommt" in said("repair", "de", **changed)


def test_harm_that_is_excluded_altogether_is_not_called_at_most_something():
    changed = {"bad_on_leaving": effect(-0.01, 0.005)}
    assert said("newsletter", "en", **changed).endswith("people do not leave more often afterwards.")


def test_at_most_stays_true_of_the_figure_shown():
    text = said("newsletter", "en", bad_on_leaving=effect(0.0, 0.01642))
    assert "at most 2 percentage points" in text


@pytest.mark.parametrize(
    ("low", "high", "german", "english"),
    [
        (0.0821, 0.1313, "8 bis 13 Prozentpunkte", "8 to 13 percentage points"),
        (0.0031, 0.0092, "0,3 bis 0,9 Prozentpunkte", "0.3 to 0.9 percentage points"),
        (0.10012, 0.10043, "10,01 bis 10,04 Prozentpunkte", "10.01 to 10.04 percentage points"),
        (0.1, 0.9, "10 bis 90 Prozentpunkte", "10 to 90 percentage points"),
        (0.01, 0.01, "1 Prozentpunkt", "1 percentage point"),
        (0.0, 0.0, "0 Prozentpunkte", "0 percentage points"),
    ],
)
def test_percentage_points_show_what_the_interval_supports(low, high, german, english):
    with translation.override("de"):
        assert figures.percentage_points(low, high) == german
    with translation.override("en"):
        assert figures.percentage_points(low, high) == english


@pytest.mark.parametrize(
    ("days", "german", "english"),
    [
        (30, "in den nächsten 30 Tagen", "within the next 30 days"),
        (1, "innerhalb des nächsten Tages", "within the next day"),
        (0.25, "in den nächsten 6 Stunden", "within the next 6 hours"),
        (1 / 24, "innerhalb der nächsten Stunde", "within the next hour"),
        (30 / 1440, "in den nächsten 30 Minuten", "within the next 30 minutes"),
        (1 / 1440, "innerhalb der nächsten Minute", "within the next minute"),
        (1.5, "in den nächsten 1,5 Tagen", "within the next 1.5 days"),
    ],
)
def test_the_time_ahead_is_said_in_its_own_unit(days, german, english):
    with translation.override("de"):
        assert figures.within(days) == german
    with translation.override("en"):
        assert figures.within(days) == english


def test_numbers_follow_the_language_and_round_as_their_interval_allows():
    value = estimate(48_213.7, 12_080.2)
    with translation.override("de"):
        assert figures.money(value, "EUR") == f"50.000{NBSP}€ (40.000 bis 60.000{NBSP}€)"
        assert figures.money_range(value, None) == "40.000 bis 60.000"
        assert figures.number(-1234.56, -2) == "\N{MINUS SIGN}1.234,56"
        assert figures.money_range(value, "CHF") == f"40.000 bis 60.000{NBSP}CHF"
    with translation.override("en"):
        assert figures.money(value, "EUR") == "€50,000 (€40,000 to 60,000)"
        assert figures.number(-1234.56, -2) == "\N{MINUS SIGN}1,234.56"
        assert figures.money_range(value, "CHF") == f"CHF{NBSP}40,000 to 60,000"


@pytest.mark.parametrize("value", [0.0, -0.0, -0.004])
def test_nothing_is_never_less_than_nothing(value):
    with translation.override("en"):
        assert figures.number(value, -1) == "0.0"
        assert figures.signed(value) == "0"


def test_infinity_and_nothing_have_their_signs():
    with translation.override("en"):
        assert figures.number(float("inf")) == "∞"
        assert figures.number(float("-inf")) == "\N{MINUS SIGN}∞"
        assert figures.number(float("nan")) == "\N{EN DASH}"


def test_lost_and_won_customers_are_said_with_their_interval():
    with translation.override("de"):
        assert wording.size_sentence(BY_KEY["checkout"], "EUR") == (
            f"Das sind 90 bis 150 verlorene Kunden im Quartal im Wert von 40.000 bis 60.000{NBSP}€."
        )
        assert wording.size_sentence(BY_KEY["repair"], "EUR") == (
            "Das sind 22 bis 38 Kunden im Quartal, die dadurch weiterkommen."
        )
    with translation.override("en"):
        assert (
            wording.size_sentence(BY_KEY["coupon_mail"], None)
            == "That is 50 to 70 lost customers per quarter."
        )
        assert wording.size_sentence(BY_KEY["newsletter"], "EUR") == ""


@pytest.mark.parametrize(
    ("changed", "english"),
    [
        ({"touches": 0, "bad_on_leaving": None}, "no touch is old enough for its outcome to be known."),
        (
            {"rated": 0, "bad_on_leaving": None},
            "nobody has rated it, and there are too few like situations to compare it with.",
        ),
        ({"bad_on_leaving": None}, "there are too few like situations to compare it with."),
        (
            {"bad_on_leaving": effect(0.1, 0.02, outside_support=0.8)},
            "80% of its touches have no like situation to compare with.",
        ),
        (
            {"bad_on_leaving": effect(0.015, 0.003)},
            "the effect is smaller than the 2 percentage points that count as material here.",
        ),
        (
            {"bad_on_leaving": effect(-0.1, 0.02)},
            "the effect points the other way than one would fear or hope.",
        ),
        (
            {"bad_on_leaving": effect(0.1, 0.02, q=0.2)},
            "among so many touchpoints a difference like this may well be chance.",
        ),
        (
            {"bad_on_leaving": None, "good_on_moving_on": effect(0.01, 0.03)},
            "anything from 2 less to 4 percentage points more moving on is possible.",
        ),
    ],
)
def test_what_is_unproven_says_why(changed, english):
    with translation.override("en"):
        assert wording.unproven_reason(replace(BY_KEY["app"], **changed), moments_insight()) == english


@pytest.mark.parametrize(
    ("changed", "german", "english"),
    [
        (
            {"touches_needed": 18},
            "Es fehlen noch etwa 150 Bewertungen.",
            "About 150 more ratings are needed.",
        ),
        (
            {"touches_needed": 1, "rated": 1, "bad": 1},
            "Es fehlt noch etwa 1 Bewertung.",
            "About 1 more rating is needed.",
        ),
        (
            {"touches_needed": 1437, "bad_on_leaving": None, "touch_on_leaving": effect(0.0, 0.05)},
            "Es fehlen noch etwa 1.500 Berührungen.",
            "About 1,500 more touches are needed.",
        ),
        ({"touches_needed": 0}, "", ""),
        ({"touches_needed": None}, "", ""),
    ],
)
def test_how_much_is_missing_is_said_in_ratings_where_ratings_are_missing(changed, german, english):
    found = replace(BY_KEY["app"], **changed)
    with translation.override("de"):
        assert wording.touches_needed(found) == german
    with translation.override("en"):
        assert wording.touches_needed(found) == english


def test_every_class_has_words_a_mark_of_its_own_and_the_words_of_the_product():
    assert set(CLASSES) == set(MomentClass)
    assert len({words.mark for words in CLASSES.values()}) == len(CLASSES)
    with translation.override("de"):
        assert [str(CLASSES[c].name) for c in MomentClass] == [
            "bricht ab",
            "bringt weiter",
            "begeistert",
            "nervt, schadet nicht",
            "nervt und kostet Kunden",
            "nicht belegt",
        ]


def test_a_class_without_the_effect_it_rests_on_is_refused():
    with pytest.raises(ValueError, match="missing"):
        wording.sentence(moment("x", MomentClass.BREAKS), moments_insight(), "x")
