"""Addresses under ``/staff/campaigns/<uid>/roster/``."""

from django.urls import path

from anxin.sites.staff.rosters import class_views, views

urlpatterns = [
    path("", views.show, name="campaign-roster"),
    path("files/", views.send, name="campaign-roster-send"),
    path("files/<slug:file_uid>/", views.file, name="campaign-roster-file"),
    path("files/<slug:file_uid>/progress/", views.progress, name="campaign-roster-progress"),
    path("files/<slug:file_uid>/marked/drop/", views.drop_marked, name="campaign-roster-marked-drop"),
    path("classes/<slug:class_uid>/", class_views.show, name="campaign-class"),
    path("classes/<slug:class_uid>/names/", class_views.reveal, name="campaign-class-names"),
    path("classes/<slug:class_uid>/slips/", class_views.slips, name="campaign-class-slips"),
    path("classes/<slug:class_uid>/new-slip/", class_views.new_slip, name="campaign-class-new-slip"),
    path("consent/", class_views.consent, name="campaign-consent"),
    path("consent/names/", class_views.awaited, name="campaign-consent-names"),
    path("consent/ask/", class_views.ask, name="campaign-consent-ask"),
]
