"""Addresses of the leaders' site, under ``/oversight/``."""

from django.urls import include, path

app_name = "oversight"
urlpatterns = [
    path("", include("anxin.sites.oversight.overview.urls")),
    path("warnings/", include("anxin.sites.oversight.events.urls")),
    path("results/", include("anxin.sites.oversight.results.urls")),
    path("stations/", include("anxin.sites.oversight.network.urls")),
]
