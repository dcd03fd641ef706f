"""Addresses the inventory links to; those of pages that do not exist (yet) are empty."""

from __future__ import annotations

from django.urls import NoReverseMatch, Resolver404, resolve, reverse

LIST = "atlas:touchpoints"


def card(key: str) -> str:
    """Return the address of a touchpoint's card."""
    try:
        return reverse("atlas:touchpoint", args=[key])
    except NoReverseMatch:
        return ""


def page(path: str) -> str:
    """Return the address of a page of the site if there is one."""
    try:
        resolve(path)
    except Resolver404:
        return ""
    return reverse("insights:overview").rstrip("/") + path
