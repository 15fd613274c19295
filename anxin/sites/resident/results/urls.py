"""Addresses of the results."""

from django.urls import path

from anxin.sites.resident.results import views

app_name = "resident_results"
urlpatterns = [
    path("here/", views.here, name="here"),
    path("here/clear/", views.clear, name="clear"),
    path("here/keep/", views.keep, name="keep"),
    path("here/paper.pdf", views.here_paper, name="here_paper"),
    path("<uuid:token>/", views.result, name="result"),
    path("<uuid:token>/paper.pdf", views.paper, name="paper"),
    path("<uuid:token>/check-in/", views.check_in, name="check_in"),
]
