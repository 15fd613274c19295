"""Addresses under ``/staff/rebind/``."""

from django.urls import path

from anxin.sites.staff.rebind import views

urlpatterns = [path("<slug:uid>/", views.rebind, name="rebind")]
