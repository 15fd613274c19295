"""Addresses under ``/staff/people/``."""

from django.urls import path

from anxin.sites.staff.colleagues import link_views, views

urlpatterns = [
    path("", views.index, name="people"),
    path("confirm/", views.confirm, name="people-confirm"),
    path("invite/", link_views.invite, name="people-invite"),
    path("links/<slug:uid>/withdraw/", link_views.withdraw, name="people-withdraw"),
    path("links/<slug:uid>/approve/", link_views.approve, name="people-approve"),
    path("<slug:uid>/", views.show, name="person"),
    path("<slug:uid>/unlock/", views.unlock, name="person-unlock"),
    path("<slug:uid>/sign-out/", views.sign_out_everywhere, name="person-sign-out"),
    path("<slug:uid>/back-in/", link_views.ask_recovery, name="person-back-in"),
    path("<slug:uid>/roles/", views.give_role, name="person-give-role"),
    path("<slug:uid>/roles/<slug:grant>/end/", views.end_role, name="person-end-role"),
]
