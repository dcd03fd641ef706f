"""Addresses of the journey models."""

from django.urls import path

from wegmarke.atlas.journeys import views

urlpatterns = [
    path("plan/journeys/", views.journeys, name="journeys"),
    path("plan/journeys/adopt/", views.adopt, name="journey-adopt"),
    path("plan/journeys/lead/", views.lead, name="journey-lead"),
    path("plan/journeys/duplicate/", views.duplicate, name="journey-duplicate"),
    path("plan/journeys/edit/", views.edit, name="journey-new"),
    path("plan/journeys/edit/<str:key>/", views.edit, name="journey"),
    path("plan/journeys/remove/<str:key>/", views.remove, name="journey-remove"),
]
