"""Addresses of what is mine."""

from django.urls import path

from anxin.sites.resident.me import views

app_name = "resident_me"
urlpatterns = [
    path("", views.me, name="me"),
    path("access/", views.access, name="access"),
    path("consents/withdraw/", views.withdraw, name="withdraw"),
    path("drafts/<uuid:token>/discard/", views.discard, name="discard"),
]
