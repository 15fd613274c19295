"""Addresses under ``/staff/cases/``."""

from django.urls import path

from anxin.sites.staff.cases import views

urlpatterns = [path("", views.cases, name="cases")]
