"""Addresses of the display settings and of the quick way out."""

from django.urls import path

from anxin.sites.resident.settings import views

app_name = "resident_settings"
urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("leave/", views.leave, name="leave"),
]
