"""Addresses of the map and of what is planned; each part of this room adds its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import include, path

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

app_name = "atlas"
urlpatterns: list[URLPattern | URLResolver] = [
    # Before the cards: its pages beside the list stand below "-", which is no key of a touchpoint.
    path("", include("wegmarke.atlas.touchpoints.urls")),
    path("", include("wegmarke.atlas.cards.urls")),
    path("", include("wegmarke.atlas.versions.urls")),
    path("", include("wegmarke.atlas.start.urls")),
    path("", include("wegmarke.atlas.goals.urls")),
    path("", include("wegmarke.atlas.discovery.urls")),
    path("", include("wegmarke.atlas.audit.urls")),
    path("", include("wegmarke.atlas.matrix.urls")),
    path("", include("wegmarke.atlas.brand.urls")),
    path("", include("wegmarke.atlas.journeymap.urls")),
    path("", include("wegmarke.atlas.journeys.urls")),
]
