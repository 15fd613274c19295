"""Addresses of help."""

from django.urls import path

from anxin.sites.resident.help import views

app_name = "resident_help"
urlpatterns = [
    path("", views.help_now, name="help"),
    path("call-me/", views.contact, name="contact"),
    path("call-me/sent/", views.contact_sent, name="contact_sent"),
]
