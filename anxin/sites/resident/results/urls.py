"""Addresses of the results."""

from django.urls import path

from anxin.sites.resident.results import views

app_name = "resident_results"
urlpatterns = [
    path("here/", views.here, name="here"),
    path("here/clear/", views.clear, name="clear"),
    path("here/keep/", views.keep, name="keep"),
    path("<uuid:token>/", views.result, name="result"),
    path("<uuid:token>/check-in/", views.check_in, name="check_in"),
]
