"""Addresses under /settings/import/."""

from django.urls import path

from wegmarke.capture import views
from wegmarke.capture.mappings import views as mappings

app_name = "capture"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("mappings/<int:number>/", mappings.mapping, name="mapping"),
    path("mappings/<int:number>/columns/", mappings.change, name="mapping_columns"),
    path("mappings/<int:number>/delete/", mappings.delete, name="mapping_delete"),
    path("<uuid:import_id>/use/<int:number>/", mappings.use, name="use"),
    path("<uuid:import_id>/set-aside/", mappings.set_aside, name="set_aside"),
    path("<uuid:import_id>/", views.detail, name="import"),
    path("<uuid:import_id>/progress/", views.progress, name="progress"),
    path("<uuid:import_id>/columns/", views.columns, name="columns"),
    path("<uuid:import_id>/columns/check/", views.check, name="check"),
    path("<uuid:import_id>/meaning/", views.meaning_page, name="meaning"),
    path("<uuid:import_id>/rejected.csv", views.rejected, name="rejected"),
    path("<uuid:import_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:import_id>/again/", views.map_again, name="again"),
    path("<uuid:import_id>/retry/", views.retry, name="retry"),
]
