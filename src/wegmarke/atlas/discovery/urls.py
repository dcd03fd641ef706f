"""Addresses of discovery."""

from __future__ import annotations

from django.urls import path

from wegmarke.atlas.discovery import views

urlpatterns = [
    path("map/discovery/", views.discovery, name="discovery"),
    path("map/discovery/progress/", views.progress, name="discovery-progress"),
    path("map/discovery/runs/<int:run>/again/", views.try_again, name="discovery-again"),
    path("map/discovery/table.<slug:ending>", views.export, name="discovery-export"),
]
