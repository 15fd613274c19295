"""Addresses of the self-tests."""

from django.urls import path

from anxin.sites.resident.self_tests import battery_pages, views

app_name = "resident_tests"
urlpatterns = [
    path("", views.test_list, name="list"),
    path("young/", views.young, {"is_child": False}, name="young"),
    path("younger/", views.young, {"is_child": True}, name="younger"),
    path("for/", battery_pages.choose, name="choose"),
    path("for/run/<uuid:token>/", battery_pages.battery_run, name="battery_run"),
    path("for/run/<uuid:token>/leave-out/", battery_pages.leave_out, name="leave_out"),
    path("for/run/<uuid:token>/stop/", battery_pages.stop, name="stop"),
    path("for/<slug:battery_id>/", battery_pages.battery, name="battery"),
    path("next/here/", views.next_here, name="next_here"),
    path("next/<uuid:token>/", views.next_step, name="next"),
    path("<slug:slug>/", views.start, name="start"),
    path("<slug:slug>/not-for-age/", views.not_for_age, name="not_for_age"),
    path("<slug:slug>/again/", views.again, name="again"),
    path("<slug:slug>/consent/", views.consent, name="consent"),
    path("<slug:slug>/<int:number>/", views.question, name="question"),
    path("<slug:slug>/all/", views.all_questions, name="all"),
    path("<slug:slug>/pause/<int:number>/", views.pause, name="pause"),
    path("<slug:slug>/check/", views.check, name="check"),
]
