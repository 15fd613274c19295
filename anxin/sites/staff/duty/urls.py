"""Addresses under ``/staff/duty/``."""

from django.urls import path

from anxin.sites.staff.duty import views

urlpatterns = [
    path("", views.board, name="duty"),
    path("fragment/", views.fragment, name="duty-fragment"),
    path("handover/", views.handover, name="handover"),
]
