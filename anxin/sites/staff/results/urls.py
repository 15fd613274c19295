"""Addresses under ``/staff/results/``. Every look is recorded."""

from django.urls import path

from anxin.sites.staff.results import views

urlpatterns = [
    path("person/<slug:uid>/", views.person, name="results-person"),
    path("<slug:uid>/", views.report, name="result"),
]
