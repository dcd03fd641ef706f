"""Ways to other pages that may not be there."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def card(touchpoint: str) -> str:
    """Return the address of the card of a touchpoint; empty where there is none."""
    try:
        return reverse("atlas:touchpoint", args=[touchpoint]) if touchpoint else ""
    except NoReverseMatch:
        return ""
