"""Addresses under ``/staff/referrals/``. Each step is a POST to the name of its act."""

from django.urls import path

from anxin.sites.staff.referrals import views

urlpatterns = [
    path("", views.index, name="referrals"),
    path("new/", views.new, name="referral-new"),
    path("<slug:uid>/", views.show, name="referral"),
    path("<slug:uid>/<slug:step>/", views.step, name="referral-step"),
]
