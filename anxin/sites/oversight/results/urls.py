"""Addresses of the group reports."""

from django.urls import path

from anxin.sites.oversight.results import views

urlpatterns = [
    path("", views.results, name="results"),
    path("table.csv", views.as_csv_file, name="results-csv"),
    path("table.xlsx", views.as_xlsx_file, name="results-xlsx"),
    path("picture.svg", views.as_picture, name="results-svg"),
]
