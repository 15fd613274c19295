"""Addresses under ``/staff/cases/``. What moves a case is a POST."""

from django.urls import path

from anxin.sites.staff.cases import course_views, views

urlpatterns = [
    path("", views.cases, name="cases"),
    path("seats/", course_views.seats, name="case-seats"),
    path("seats/<slug:uid>/", course_views.seat, name="case-seat"),
    path("<slug:uid>/", views.show, name="case"),
    path("<slug:uid>/kept/", course_views.kept, name="case-kept"),
    path("<slug:uid>/plan/", course_views.plan, name="case-plan"),
    path("<slug:uid>/plan/agreed/", course_views.agree_plan, name="case-plan-agree"),
    path("<slug:uid>/goals/", course_views.set_goal, name="case-goal"),
    path("<slug:uid>/goals/<slug:goal>/", course_views.review_goal, name="case-goal-review"),
    path("<slug:uid>/tasks/", course_views.set_task, name="case-task"),
    path("<slug:uid>/tasks/<slug:task>/done/", course_views.finish_task, name="case-task-done"),
    path("<slug:uid>/followups/", course_views.move_followup, name="case-followup"),
    path("<slug:uid>/lowering/<slug:lowering>/confirm/", course_views.confirm_lowering, name="case-confirm"),
    path("<slug:uid>/lowering/<slug:lowering>/decline/", course_views.decline_lowering, name="case-decline"),
    path("<slug:uid>/conference/", course_views.conference, name="case-conference"),
    path("<slug:uid>/conference/<slug:conference>/", course_views.end_conference, name="case-conference-end"),
    path("<slug:uid>/review/", course_views.review, name="case-review"),
    path("<slug:uid>/entry/", views.add_entry, name="case-entry"),
    path("<slug:uid>/assessment/", views.assess, name="case-assess"),
    path("<slug:uid>/state/", views.enter_state, name="case-state"),
    path("<slug:uid>/assign/", views.assign, name="case-assign"),
    path("<slug:uid>/close/", views.close, name="case-close"),
    path("<slug:uid>/reveal/", views.reveal, name="case-reveal"),
]
