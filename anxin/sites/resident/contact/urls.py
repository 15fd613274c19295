"""Addresses under ``/me/contact/``."""

from django.urls import path

from anxin.sites.resident.contact import views

app_name = "resident_contact"
urlpatterns = [
    path("", views.contact, name="contact"),
    path("read/", views.read, name="read"),
]
