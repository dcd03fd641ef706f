"""The site with one page more: every component of the shell at once."""

from django.shortcuts import render
from django.urls import path

from wegmarke.site.urls import urlpatterns as site


def components(request):
    tabs = [("Bezahlen", "?tab=1", True), ("Registrieren", "?tab=2", False)]
    return render(request, "components.html", {"tabs": tabs, "figure": 1234567.891, "share": 0.1234})


urlpatterns = [
    path("", components),
    path("map/journey/", components),
    path("understand/moments/", components),
    path("understand/funnels/", components),
    path("understand/paths/", components),
    *site,
]
