"""Addresses under /people/processing/."""

from django.urls import path

from wegmarke.people.processing import views

app_name = "processing"
urlpatterns = [
    path("", views.record, name="record"),
    path("file/", views.markdown, name="file"),
    path("<slug:key>/", views.text, name="text"),
]
