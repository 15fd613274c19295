"""Addresses of what is mine."""

from django.urls import path

from anxin.sites.resident.me import consents, kept, proving, requests, views, wards

app_name = "resident_me"
urlpatterns = [
    path("", views.me, name="me"),
    path("course/", views.course, name="course"),
    path("course/<slug:slug>/numbers.csv", views.course_numbers, name="course_numbers"),
    path("course/<slug:slug>/picture.svg", views.course_picture, name="course_picture"),
    path("data/", kept.data, name="data"),
    path("copy/json/", kept.copy, {"form": "json"}, name="copy_json"),
    path("copy/fhir/", kept.copy, {"form": "fhir"}, name="copy_fhir"),
    path("copy/pdf/", kept.copy, {"form": "pdf"}, name="copy_pdf"),
    path("access/", views.access, name="access"),
    path("consents/", consents.index, name="consents"),
    path("consents/give/", consents.give, name="give"),
    path("consents/withdraw/", consents.withdraw, name="withdraw"),
    path("requests/", requests.index, name="requests"),
    path("requests/new/<slug:kind>/", requests.new, name="request_new"),
    path("requests/<uuid:token>/take-back/", requests.take_back, name="request_take_back"),
    path("leave/", requests.leave, name="leave"),
    path("confirm/", proving.confirm, name="confirm"),
    path("wards/<uuid:token>/", wards.show, name="ward"),
    path("wards/<uuid:token>/copy/json/", wards.copy, {"form": "json"}, name="ward_copy_json"),
    path("wards/<uuid:token>/copy/pdf/", wards.copy, {"form": "pdf"}, name="ward_copy_pdf"),
    path("wards/<uuid:token>/withdraw/", wards.withdraw, name="ward_withdraw"),
    path("drafts/<uuid:token>/discard/", views.discard, name="discard"),
]
