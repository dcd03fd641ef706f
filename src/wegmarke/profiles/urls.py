"""Addresses under /people/."""

from django.urls import path

from wegmarke.profiles import account_views, views

app_name = "profiles"
urlpatterns = [
    path("", views.persons, name="persons"),
    path("person/", views.person, name="person"),
    path("person/live/", views.live, name="live"),
    path("accounts/", account_views.accounts, name="accounts"),
    path("accounts/account/", account_views.account, name="account"),
    path("accounts/live/", account_views.live, name="account_live"),
    path("accounts/contact/", account_views.contact, name="contact"),
    path("accounts/undo/", account_views.undo, name="undo"),
]
