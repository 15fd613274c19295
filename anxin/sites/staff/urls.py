"""Addresses of the staff site, under ``/staff/``."""

from django.urls import include, path

from anxin.sites.staff import home

app_name = "staff"
urlpatterns = [
    path("", home.home, name="home"),
    path("duty/", include("anxin.sites.staff.duty.urls")),
    path("warnings/<slug:uid>/", include("anxin.sites.staff.warnings.urls")),
    path("results/", include("anxin.sites.staff.results.urls")),
    path("audit/", include("anxin.sites.staff.audit.urls")),
    path("break-glass/", include("anxin.sites.staff.breakglass.urls")),
    path("exports/", include("anxin.sites.staff.exports.urls")),
    path("archives/", include("anxin.sites.staff.archives.urls")),
    path("cases/", include("anxin.sites.staff.cases.urls")),
    path("interviews/", include("anxin.sites.staff.interviews.urls")),
    path("instruments/", include("anxin.sites.staff.instruments.urls")),
    path("campaigns/<slug:uid>/roster/", include("anxin.sites.staff.rosters.urls")),
    path("campaigns/", include("anxin.sites.staff.campaigns.urls")),
]
