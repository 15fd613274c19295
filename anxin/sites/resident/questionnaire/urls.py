"""Addresses of a participant's page. The token stands behind the # and never reaches the server with the page."""

from django.urls import path

from anxin.sites.resident.questionnaire import views

app_name = "resident_questionnaire"
urlpatterns = [
    path("", views.show, name="page"),
    path("forms/<slug:uid>.json", views.form, name="form"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("sealed/", views.sealed, name="sealed"),
]
