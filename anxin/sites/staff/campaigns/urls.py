"""Addresses under ``/staff/campaigns/``."""

from django.urls import path

from anxin.sites.staff.campaigns import people_views, plan_views, views

urlpatterns = [
    path("", views.index, name="campaigns"),
    path("new/", plan_views.new, name="campaign-new"),
    path("people/<slug:uid>/", people_views.show, name="campaign-person"),
    path("people/<slug:uid>/name/", people_views.reveal, name="campaign-person-name"),
    path("people/<slug:uid>/level/", people_views.confirm, name="campaign-person-level"),
    path("people/<slug:uid>/take-over/", people_views.take_over, name="campaign-person-take-over"),
    path("people/<slug:uid>/worksheet/", people_views.worksheet, name="campaign-person-worksheet"),
    path("people/<slug:uid>/reading/", people_views.reading, name="campaign-person-reading"),
    path("people/<slug:uid>/plan/", people_views.plan, name="campaign-person-plan"),
    path("<slug:uid>/", views.show, name="campaign"),
    path("<slug:uid>/step/", views.step, name="campaign-step"),
    path("<slug:uid>/plan/", plan_views.plan, name="campaign-plan"),
    path("<slug:uid>/plan/<slug:part>/", plan_views.plan_part, name="campaign-plan-part"),
    path("<slug:uid>/capacity/", plan_views.capacity, name="campaign-capacity"),
    path("<slug:uid>/progress/", views.progress, name="campaign-progress"),
    path("<slug:uid>/groups/<slug:group_uid>/", views.group, name="campaign-group"),
    path("<slug:uid>/standby/", views.standby, name="campaign-standby"),
    path("<slug:uid>/standby/<slug:participant_uid>/", views.attend, name="campaign-attend"),
    path("<slug:uid>/quality/", views.quality, name="campaign-quality"),
    path("<slug:uid>/triage/", people_views.board, name="campaign-triage"),
    path("<slug:uid>/report/", views.report, name="campaign-report"),
    path("<slug:uid>/report/table/", views.report_csv, name="campaign-report-table"),
    path("<slug:uid>/names/", views.take_names_off, name="campaign-names"),
]
