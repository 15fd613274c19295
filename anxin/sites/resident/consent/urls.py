"""Addresses under ``/consent/``. A guardian's is for one child; a person's own token comes in the body, never here."""

from django.urls import path

from anxin.sites.resident.consent import views

app_name = "resident_consent"
urlpatterns = [
    path("mine/", views.mine, name="mine"),
    path("<slug:token>/", views.guardian, name="guardian"),
]
