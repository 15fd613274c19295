"""Addresses under ``/staff/interviews/``."""

from django.urls import path

from anxin.sites.staff.interviews import asking, views

urlpatterns = [
    path("", views.index, name="interviews"),
    path("new/<slug:resident_uid>/", views.new, name="interview-new"),
    path("second-look/<slug:uid>/", views.second_look, name="second-look"),
    path("<slug:uid>/", views.show, name="interview"),
    path("<slug:uid>/discard/", views.discard, name="interview-discard"),
    path("<slug:uid>/check/", asking.check, name="interview-check"),
    path("<slug:uid>/paper/", asking.paper, name="interview-paper"),
    path("<slug:uid>/<int:number>/", asking.question, name="interview-question"),
]
