"""Addresses of the cards of touchpoints and of evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from wegmarke.atlas.cards import editing, evidence_views, views

if TYPE_CHECKING:
    from django.urls import URLPattern

ONE = "map/touchpoints/<touchpoint:key>/"
urlpatterns: list[URLPattern] = [
    path("map/touchpoints/new/", editing.new, name="touchpoint-new"),
    path("map/touchpoints/new/preview/", editing.preview_rules, name="touchpoint-new-preview"),
    path(ONE, views.card, name="touchpoint"),
    path(f"{ONE}edit/", editing.edit, name="touchpoint-edit"),
    path(f"{ONE}preview/", editing.preview_rules, name="touchpoint-preview"),
    path(f"{ONE}history/", views.history_page, name="touchpoint-history"),
    path(f"{ONE}restore/", views.restore, name="touchpoint-restore"),
    path(f"{ONE}status/", views.set_status, name="touchpoint-status"),
    path(f"{ONE}remove/", views.remove, name="touchpoint-remove"),
    path("map/evidence/", evidence_views.all_evidence, name="evidence"),
    path("map/evidence/evidence.<slug:ending>", evidence_views.evidence_file, name="evidence-file"),
    path("map/evidence/new/", evidence_views.new_evidence, name="evidence-new"),
    path("map/evidence/<int:number>/", evidence_views.edit_evidence, name="evidence-edit"),
    path("map/evidence/<int:number>/erase/", evidence_views.erase_evidence, name="evidence-erase"),
]
