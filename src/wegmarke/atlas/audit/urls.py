"""Addresses of the audit."""

from django.urls import path

from wegmarke.atlas.audit import views

urlpatterns = [
    path("map/audit/", views.audit, name="audit"),
    path("map/audit/accept/", views.accept, name="audit-accept"),
    path("map/audit/take-back/", views.take_back, name="audit-take-back"),
    path("map/audit/mend/", views.mend, name="audit-mend"),
    path("map/audit/<slug:name>.<slug:ending>", views.file, name="audit-file"),
]
