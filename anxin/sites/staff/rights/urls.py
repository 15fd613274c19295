"""Addresses under ``/staff/rights/``."""

from django.urls import path

from anxin.sites.staff.rights import person_views, views

urlpatterns = [
    path("", views.index, name="rights"),
    path("protected/", views.protected, name="rights-protected"),
    path("protected/<slug:uid>/release/", views.release, name="rights-release"),
    path("person/<slug:uid>/", person_views.show, name="rights-person"),
    path("person/<slug:uid>/<slug:step>/", person_views.take_step, name="rights-person-step"),
    path("<slug:uid>/", views.show, name="rights-request"),
    path("<slug:uid>/verify/", views.verify, name="rights-verify"),
    path("<slug:uid>/decide/", views.decide, name="rights-decide"),
]
