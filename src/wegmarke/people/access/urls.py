"""Addresses under /people/access/."""

from django.urls import path

from wegmarke.people.access import views

app_name = "access"
urlpatterns = [
    path("", views.requests, name="requests"),
    path("person/", views.person, name="person"),
    path("note/", views.note, name="note"),
    path("<int:number>/", views.request_page, name="request"),
    path("<int:number>/archive/", views.archive, name="archive"),
    path("<int:number>/delivered/", views.delivered, name="delivered"),
]
