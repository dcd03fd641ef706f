"""All addresses. A room appears here once it has pages."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from wegmarke.site.views import health

ROOMS = [
    ("account/", "wegmarke.team.urls"),
    ("settings/import/", "wegmarke.capture.urls"),
    ("", "wegmarke.insights.urls"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    *(path(prefix, include(module)) for prefix, module in ROOMS if find_spec(module)),
]
