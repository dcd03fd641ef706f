"""Addresses under /settings/sources/."""

from django.urls import path

from wegmarke.capture.hooks import views as hooks
from wegmarke.capture.sources import views

app_name = "sources"
urlpatterns = [
    path("", views.sources, name="sources"),
    path("add/", views.add, name="add"),
    path("refused/", views.refused, name="refused"),
    path("refused/again/", views.send_again, name="send_again"),
    path("refused/delete/", views.delete, name="delete"),
    path("<int:number>/", views.source, name="source"),
    path("webhooks/add/", hooks.add, name="add_webhook"),
    path("<int:number>/webhook/", hooks.webhook, name="webhook"),
    path("<int:number>/webhook/secret/", hooks.secret, name="webhook_secret"),
    path("<int:number>/keys/", views.make_key, name="make_key"),
    path("<int:number>/keys/<int:key>/revoke/", views.revoke_key, name="revoke_key"),
]
