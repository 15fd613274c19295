"""Addresses of the staff site, under ``/staff/``."""

from django.urls import include, path

from anxin.sites.staff import home

app_name = "staff"
urlpatterns = [
    path("", home.home, name="home"),
    path("duty/", include("anxin.sites.staff.duty.urls")),
    path("warnings/<slug:uid>/", include("anxin.sites.staff.warnings.urls")),
    path("cases/", include("anxin.sites.staff.cases.urls")),
]
