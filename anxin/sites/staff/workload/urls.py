"""Addresses under ``/staff/workload/``."""

from django.urls import path

from anxin.sites.staff.workload import views

urlpatterns = [
    path("", views.board, name="workload"),
    path("<slug:uid>/", views.colleague, name="workload-colleague"),
    path("<slug:uid>/reassign/", views.reassign, name="workload-reassign"),
    path("<slug:uid>/cover/", views.cover, name="workload-cover"),
    path("<slug:uid>/cover/end/", views.end_cover, name="workload-cover-end"),
]
