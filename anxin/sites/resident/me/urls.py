"""Addresses of what is mine."""

from django.urls import path

from anxin.sites.resident.me import views

app_name = "resident_me"
urlpatterns = [
    path("", views.me, name="me"),
    path("course/", views.course, name="course"),
    path("course/<slug:slug>/numbers.csv", views.course_numbers, name="course_numbers"),
    path("course/<slug:slug>/picture.svg", views.course_picture, name="course_picture"),
    path("copy/json/", views.copy, {"form": "json"}, name="copy_json"),
    path("copy/fhir/", views.copy, {"form": "fhir"}, name="copy_fhir"),
    path("access/", views.access, name="access"),
    path("consents/withdraw/", views.withdraw, name="withdraw"),
    path("drafts/<uuid:token>/discard/", views.discard, name="discard"),
]
