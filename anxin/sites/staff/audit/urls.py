"""Addresses under ``/staff/audit/``."""

from django.urls import path

from anxin.sites.staff.audit import views

urlpatterns = [
    path("", views.trail, name="trail"),
    path("verify/", views.verify, name="trail-verify"),
    path("<slug:uid>/", views.event, name="trail-event"),
]
