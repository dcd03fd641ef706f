"""Addresses of the goals."""

from django.urls import path

from wegmarke.atlas.goals import views

urlpatterns = [
    path("plan/goals/", views.goals, name="goals"),
    path("plan/goals/new/", views.new, name="new-goal"),
    path("plan/goals/<str:key>/edit/", views.edit, name="goal"),
    path("plan/goals/<str:key>/remove/", views.remove, name="remove-goal"),
]
