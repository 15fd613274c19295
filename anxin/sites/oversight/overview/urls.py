"""Addresses of the overview."""

from django.urls import path

from anxin.sites.oversight.overview import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("overview.csv", views.export, name="overview-csv"),
]
