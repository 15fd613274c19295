"""Addresses of the ordinary road."""

from django.urls import path

from anxin.sites.resident.campaign_answers import views

app_name = "resident_campaign_answers"
urlpatterns = [
    path("", views.submissions, name="submissions"),
    path("critical", views.critical, name="critical"),
]
