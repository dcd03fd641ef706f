"""Addresses of the inventory. What is no touchpoint stands below `-`, which no key can be."""

from django.urls import path

from wegmarke.atlas.touchpoints import bulk_views, collecting_views, importing_views, views

urlpatterns = [
    path("map/touchpoints/", views.touchpoints, name="touchpoints"),
    path("map/touchpoints/-/table.<slug:ending>", views.export, name="touchpoints-export"),
    path("map/touchpoints/-/add/", collecting_views.add, name="touchpoints-add"),
    path("map/touchpoints/-/collect/", collecting_views.collect, name="touchpoints-collect"),
    path("map/touchpoints/-/import/", importing_views.upload, name="touchpoints-import"),
    path(
        "map/touchpoints/-/import/<uuid:upload_id>/", importing_views.check, name="touchpoints-import-check"
    ),
    path("map/touchpoints/-/change/", bulk_views.change, name="touchpoints-change"),
    path("map/touchpoints/-/remove/", bulk_views.remove, name="touchpoints-remove"),
    path("map/touchpoints/-/undo/<int:version>/", bulk_views.undo, name="touchpoints-undo"),
]
