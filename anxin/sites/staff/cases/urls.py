"""Addresses under ``/staff/cases/``. Everything but the list and the record is a POST."""

from django.urls import path

from anxin.sites.staff.cases import views

urlpatterns = [
    path("", views.cases, name="cases"),
    path("<slug:uid>/", views.show, name="case"),
    path("<slug:uid>/entry/", views.add_entry, name="case-entry"),
    path("<slug:uid>/assessment/", views.assess, name="case-assess"),
    path("<slug:uid>/state/", views.enter_state, name="case-state"),
    path("<slug:uid>/assign/", views.assign, name="case-assign"),
    path("<slug:uid>/close/", views.close, name="case-close"),
    path("<slug:uid>/reveal/", views.reveal, name="case-reveal"),
]
