"""Addresses under ``/staff/archives/``."""

from django.urls import path

from anxin.sites.staff.archives import doctor_views, views

urlpatterns = [
    path("", views.index, name="archives"),
    path("new/", views.begin, name="archive-new"),
    path("ask/", views.ask, name="archive-ask"),
    path("guidance/", doctor_views.guidance, name="archive-guidance"),
    path("decisions/", views.waiting, name="archive-decisions"),
    path("decisions/<slug:uid>/<slug:decision>/", views.decide, name="archive-decide"),
    path("<slug:uid>/", views.show, name="archive"),
    path("<slug:uid>/reveal/", views.reveal, name="archive-reveal"),
    path("<slug:uid>/steps/<slug:step>/", views.take_step, name="archive-step"),
    path("<slug:uid>/contracts/<slug:contract_uid>/assessment/", doctor_views.assess, name="archive-assess"),
]
