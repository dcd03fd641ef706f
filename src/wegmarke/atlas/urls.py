"""Addresses of the map and of what is planned; each part of this room adds its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import include, path

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

app_name = "atlas"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("wegmarke.atlas.journeymap.urls")),
    path("", include("wegmarke.atlas.journeys.urls")),
]
