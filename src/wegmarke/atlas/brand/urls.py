"""Addresses of the brand."""

from django.urls import path

from wegmarke.atlas.brand import views

urlpatterns = [
    path("map/brand/", views.brand, name="brand"),
    path("map/brand/assign/", views.assign, name="brand-assign"),
    path("map/brand/promise/", views.promise, name="brand-new-promise"),
    path("map/brand/promise/<str:key>/", views.promise, name="brand-promise"),
    path("map/brand/promise/<str:key>/remove/", views.remove, name="brand-remove-promise"),
    path("map/brand/<slug:name>.<slug:ending>", views.file, name="brand-file"),
]
