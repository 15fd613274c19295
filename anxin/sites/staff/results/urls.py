"""Addresses under ``/staff/results/``. Every look is recorded."""

from django.urls import path

from anxin.sites.staff.results import views

urlpatterns = [
    path("person/<slug:uid>/", views.person, name="results-person"),
    path("<slug:uid>/", views.report, name="result"),
    path("<slug:uid>/report.pdf", views.paper, name="result-pdf"),
    path("<slug:uid>/row.csv", views.row_file, name="result-csv"),
    path("<slug:uid>/row.svg", views.row_picture, name="result-svg"),
]
