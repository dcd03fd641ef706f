"""Addresses of the versions of the plan."""

from django.urls import path

from wegmarke.atlas.versions import views

urlpatterns = [
    path("plan/versions/", views.versions, name="versions"),
    path("plan/versions/compare/", views.compare, name="versions-compare"),
    path("plan/versions/upload/", views.upload, name="plan-upload"),
    path("plan/versions/<int:number>/", views.version, name="version"),
    path("plan/versions/<int:number>/plan.yaml", views.download, name="version-download"),
    path("plan/versions/<int:number>/restore/", views.restore, name="version-restore"),
]
