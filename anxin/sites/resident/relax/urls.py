"""Addresses of the exercises."""

from django.urls import path

from anxin.sites.resident.relax import views

app_name = "resident_relax"
urlpatterns = [path("breathing/", views.breathing, name="breathing")]
