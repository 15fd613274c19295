"""Addresses of the events."""

from django.urls import path

from anxin.sites.oversight.events import views

urlpatterns = [path("", views.events, name="events")]
