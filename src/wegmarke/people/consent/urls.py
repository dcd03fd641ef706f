"""Addresses under /people/consent/."""

from django.urls import path

from wegmarke.people.consent import views

app_name = "consent"
urlpatterns = [
    path("", views.consent, name="consent"),
    path("person/", views.person, name="person"),
    path("purposes/add/", views.add_purpose, name="add_purpose"),
    path("purposes/<slug:key>/", views.purpose, name="purpose"),
    path("categories/", views.categories, name="categories"),
    path("categories/<int:meaning>/remove/", views.unmean, name="unmean"),
]
