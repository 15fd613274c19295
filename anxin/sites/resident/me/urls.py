"""Addresses of what is mine."""

from django.urls import path

from anxin.sites.resident.me import views

app_name = "resident_me"
urlpatterns = [
    path("", views.me, name="me"),
    path("course/", views.course, name="course"),
    path("course/<slug:slug>/numbers.csv", views.course_numbers, name="course_numbers"),
    path("course/<slug:slug>/picture.svg", views.course_picture, name="course_picture"),
    path("access/", views.access, name="access"),
    path("consents/withdraw/", views.withdraw, name="withdraw"),
    path("drafts/<uuid:token>/discard/", views.discard, name="discard"),
]
