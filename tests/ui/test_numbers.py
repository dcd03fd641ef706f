"""Figures in the reader's own format."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from django.utils import translation

from wegmarke.ui import numbers


@pytest.mark.parametrize(
    ("value", "digits", "german", "english"),
    [
        (1234567.891, 1, "1.234.567,9", "1,234,567.9"),
        (1234, 0, "1.234", "1,234"),
        (-1234.5, 2, "−1.234,50", "−1,234.50"),  # noqa: RUF001 - a true minus is the point
        (-0.04, 1, "0,0", "0.0"),
        (Decimal("12.345"), 2, "12,35", "12.35"),
        (0, 0, "0", "0"),
        (None, 1, "–", "–"),  # noqa: RUF001 - a dash for nothing
        (math.nan, 1, "–", "–"),  # noqa: RUF001
        (math.inf, 0, "–", "–"),  # noqa: RUF001
    ],
)
def test_numbers(value, digits, german, english):
    with translation.override("de"):
        assert numbers.number(value, digits) == german
    with translation.override("en"):
        assert numbers.number(value, digits) == english


def test_percentages_have_a_space_in_german():
    with translation.override("de"):
        assert numbers.percent(0.1234, 1) == "12,3\N{NO-BREAK SPACE}%"
    with translation.override("en"):
        assert numbers.percent(0.1234, 1) == "12.3%"
        assert numbers.percent(None) == "\N{EN DASH}"


def test_percentage_points_always_have_a_sign_unless_they_are_nothing():
    with translation.override("en"):
        assert numbers.points(0.082) == "+8.2"
        assert numbers.points(-0.082) == "\N{MINUS SIGN}8.2"
        assert numbers.points(0.0001) == "0.0"
        assert numbers.points(math.nan) == "\N{EN DASH}"
