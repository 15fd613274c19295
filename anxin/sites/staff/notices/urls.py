"""Addresses under ``/staff/notices/``."""

from django.urls import path

from anxin.sites.staff.notices import views

urlpatterns = [
    path("", views.index, name="notices"),
    path("fragment/", views.fragment, name="notices-fragment"),
    path("read/", views.read_all, name="notices-read"),
    path("<slug:uid>/open/", views.open_one, name="notice-open"),
]
