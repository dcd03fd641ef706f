"""All addresses. A room appears here once it has pages."""

from django.urls import URLPattern, URLResolver, include, path

from wegmarke.capture.hooks.receiving import receive
from wegmarke.site.views import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    path("hooks/<str:token>/", receive, name="hook"),
    path("account/", include("wegmarke.team.urls")),
    path("settings/team/", include("wegmarke.team.colleague_urls")),
    path("settings/sources/", include("wegmarke.capture.sources.urls")),
    path("settings/import/", include("wegmarke.capture.urls")),
    path("people/identities/", include("wegmarke.people.urls")),
    path("people/erasure/", include("wegmarke.people.erasure.urls")),
    path("people/access/", include("wegmarke.people.access.urls")),
    path("people/processing/", include("wegmarke.people.processing.urls")),
    path("people/consent/", include("wegmarke.people.consent.urls")),
    path("people/", include("wegmarke.profiles.urls")),
    path("", include("wegmarke.atlas.urls")),
    path("", include("wegmarke.insights.urls")),
]
