"""Addresses under /people/erasure/."""

from django.urls import path

from wegmarke.people.erasure import views

app_name = "erasure"
urlpatterns = [
    path("", views.erasures, name="erasures"),
    path("person/", views.person, name="person"),
    path("request/", views.request_erasure, name="request"),
    path("file/", views.exported, name="file"),
    path("retention/", views.retention, name="retention"),
    path("<int:number>/", views.erasure, name="erasure"),
    path("<int:number>/again/", views.try_again, name="again"),
]
