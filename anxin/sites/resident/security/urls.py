"""Addresses under ``/me/security/``."""

from django.urls import path

from anxin.sites.resident.security import views

app_name = "resident_security"
urlpatterns = [
    path("", views.security, name="security"),
    path("codes/", views.renew_codes, name="codes"),
    path("others/end/", views.end_others, name="end_others"),
    path("devices/<slug:uid>/end/", views.end_device, name="end_device"),
]
