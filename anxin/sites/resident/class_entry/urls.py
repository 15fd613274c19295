"""Addresses under ``/class/``."""

from django.urls import path

from anxin.sites.resident.class_entry import views

app_name = "resident_class_entry"
urlpatterns = [path("", views.enter, name="enter")]
