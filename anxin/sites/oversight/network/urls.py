"""Addresses of the station network."""

from django.urls import path

from anxin.sites.oversight.network import views

urlpatterns = [path("", views.stations, name="stations")]
