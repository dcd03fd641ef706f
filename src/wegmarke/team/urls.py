"""Addresses under /account/."""

from django.urls import path

from wegmarke.team import views

app_name = "team"
urlpatterns = [
    path("log-in/", views.LogIn.as_view(), name="login"),
    path("log-out/", views.LogOut.as_view(), name="logout"),
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("language/", views.change_language, name="language"),
]
