"""Addresses under ``/staff/warnings/<uid>/``. Everything but the first and the conversation is a POST."""

from django.urls import path

from anxin.sites.staff.warnings import chat, views

urlpatterns = [
    path("", views.show, name="warning"),
    path("take-over/", views.take_over, name="warning-take-over"),
    path("join/", views.join, name="warning-join"),
    path("contact/", views.log_contact, name="warning-contact"),
    path("assessment/", views.assess, name="warning-assess"),
    path("ending/", views.propose_ending, name="warning-end"),
    path("sign/", views.sign, name="warning-sign"),
    path("decline/", views.decline, name="warning-decline"),
    path("merge/", views.merge, name="warning-merge"),
    path("chat/", chat.chat, name="warning-chat"),
    path("chat/lines/", chat.lines, name="warning-chat-lines"),
    path("reveal/", views.reveal, name="warning-reveal"),
]
