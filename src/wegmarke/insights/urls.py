"""Addresses of overview, map and understanding."""

from django.urls import path

from wegmarke.insights import views
from wegmarke.insights.eventlog.views import choose, event_log

app_name = "insights"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("map/journey/", views.journey, name="journey"),
    path("understand/moments/", views.moments, name="moments"),
    path("understand/moments/<touchpoint:touchpoint>/", views.moment, name="moment"),
    path("understand/funnels/", views.funnels, name="funnels"),
    path("understand/funnels/ask/", views.ask_funnel, name="ask-funnel"),
    path("understand/funnels/asked/<uuid:key>/", views.asked_funnel, name="asked-funnel"),
    path("understand/paths/", views.paths, name="paths"),
    path("insights/freshness/", views.freshness, name="freshness"),
    path("insights/try-again/<int:refresh>/", views.try_again, name="try-again"),
    path("insights/event-log/", choose, name="choose-event-log"),
    path("insights/event-log.xes.gz", event_log, name="event-log"),
    path("insights/tables/<slug:name>.<slug:ending>", views.export, name="export"),
]
