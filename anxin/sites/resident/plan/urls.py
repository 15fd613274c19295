"""Addresses under ``/me/plan/``. The service worker's reach is this folder."""

from django.urls import path

from anxin.sites.resident.plan import views

app_name = "resident_plan"
urlpatterns = [
    path("", views.plan, name="plan"),
    path("agreed/", views.agree, name="agree"),
    path("offline/", views.offline, name="offline"),
    path("sw.js", views.service_worker, name="service_worker"),
]
