"""Addresses of the self-tests."""

from django.urls import path

from anxin.sites.resident.self_tests import views

app_name = "resident_tests"
urlpatterns = [
    path("", views.test_list, name="list"),
    path("young/", views.young, {"is_child": False}, name="young"),
    path("younger/", views.young, {"is_child": True}, name="younger"),
    path("<slug:slug>/", views.start, name="start"),
    path("<slug:slug>/consent/", views.consent, name="consent"),
    path("<slug:slug>/<int:number>/", views.question, name="question"),
    path("<slug:slug>/all/", views.all_questions, name="all"),
    path("<slug:slug>/pause/<int:number>/", views.pause, name="pause"),
    path("<slug:slug>/check/", views.check, name="check"),
]
