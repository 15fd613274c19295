"""Addresses of the stations."""

from django.urls import path

from anxin.sites.resident.stations import views

app_name = "resident_stations"
urlpatterns = [
    path("", views.station_list, name="list"),
    path("<slug:slug>/", views.station, name="station"),
]
