"""Addresses under ``/staff/exports/``."""

from django.urls import path

from anxin.sites.staff.exports import views

urlpatterns = [
    path("", views.index, name="exports"),
    path("new/<slug:kind>/", views.ask, name="export-new"),
    path("<slug:uid>/", views.show, name="export"),
    path("<slug:uid>/decide/", views.decide, name="export-decide"),
    path("<slug:uid>/file/", views.take, name="export-file"),
]
