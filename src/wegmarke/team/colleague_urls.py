"""Addresses under /settings/team/."""

from django.urls import path

from wegmarke.team import colleague_views as views

app_name = "colleagues"
urlpatterns = [
    path("", views.team, name="team"),
    path("add/", views.add, name="add"),
    path("history/", views.history, name="history"),
    path("<int:account_id>/", views.account, name="account"),
    path("<int:account_id>/password/", views.new_password, name="password"),
    path("<int:account_id>/deactivate/", views.deactivate, name="deactivate"),
    path("<int:account_id>/reactivate/", views.reactivate, name="reactivate"),
]
