"""Addresses under ``/staff/unreached/``."""

from django.urls import path

from anxin.sites.staff.unreached import views

urlpatterns = [
    path("", views.index, name="unreached"),
    path("quotas/", views.quotas, name="message-quotas"),
    path("wishes/<slug:uid>/", views.wishes, name="contact-wishes"),
    path("<slug:uid>/", views.show, name="unreached-one"),
    path("<slug:uid>/settle/", views.settle, name="unreached-settle"),
]
