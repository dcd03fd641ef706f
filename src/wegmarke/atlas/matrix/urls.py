"""Addresses of the matrix."""

from django.urls import path

from wegmarke.atlas.matrix import views

urlpatterns = [
    path("map/matrix/", views.matrix, name="matrix"),
    path("map/matrix/<slug:name>.<slug:ending>", views.file, name="matrix-file"),
]
