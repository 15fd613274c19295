"""Addresses under ``/staff/linkages/``."""

from django.urls import path

from anxin.sites.staff.linkages import views

urlpatterns = [
    path("", views.index, name="linkages"),
    path("new/<slug:kind>/", views.new, name="linkage-new"),
    path("submitted/", views.submitted, name="linkage-submitted"),
    path("calls/", views.calls, name="linkage-calls"),
    path("calls/<slug:uid>/", views.respond, name="linkage-respond"),
    path("<slug:uid>/", views.show, name="linkage"),
    path("<slug:uid>/<slug:step>/", views.step, name="linkage-step"),
]
