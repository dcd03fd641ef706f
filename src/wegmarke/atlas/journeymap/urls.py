"""Addresses of the journey map."""

from django.urls import path

from wegmarke.atlas.journeymap import views

urlpatterns = [
    path("map/", views.journey_map, name="map"),
    path("map/move/", views.move, name="map-move"),
    path("map/name/", views.name, name="map-name"),
    path("map/undo/", views.undo, name="map-undo"),
    path("map/picture/", views.picture, name="map-picture"),
    path("map/list/", views.listed, name="map-list"),
    path("map/numbers/", views.numbers, name="map-numbers"),
    path("map/print/", views.printed, name="map-print"),
    path("map/table.<slug:ending>", views.table, name="map-table"),
    path("map/file.<slug:ending>", views.file, name="map-file"),
]
