"""Addresses of the first start."""

from django.urls import path

from wegmarke.atlas.start import views

urlpatterns = [
    path("map/start/", views.start, name="start"),
    path("map/start/<slug:key>/", views.example, name="example"),
    path("map/start/<slug:key>/plan.yaml", views.download, name="example-download"),
]
