"""Addresses under ``/staff/break-glass/``."""

from django.urls import path

from anxin.sites.staff.breakglass import views

urlpatterns = [
    path("", views.index, name="break-glass"),
    path("open/", views.open_record, name="break-glass-open"),
    path("confirm/<slug:uid>/", views.confirm, name="confirm"),
    path("<slug:uid>/", views.show, name="break-glass-one"),
    path("<slug:uid>/end/", views.end, name="break-glass-end"),
    path("<slug:uid>/review/", views.review, name="break-glass-review"),
]
