"""Addresses under /people/identities/."""

from django.urls import path

from wegmarke.people import views

app_name = "people"
urlpatterns = [
    path("", views.identities, name="identities"),
    path("person/", views.person, name="person"),
    path("join/", views.join, name="join"),
    path("separate/", views.separate, name="separate"),
    path("undo/", views.undo, name="undo"),
]
