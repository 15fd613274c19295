"""Addresses under ``/staff/instruments/``. A version is named by its instrument and its number, as people name it."""

from django.urls import path, register_converter

from anxin.sites.staff.instruments import edit_views, text_views, views


class Number:
    """1.0.1000."""

    regex = r"\d{1,6}\.\d{1,6}\.\d{1,6}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(Number, "number")

urlpatterns = [
    path("", views.index, name="instruments"),
    path("new/", views.new, name="instrument-new"),
    path("<slug:name>/", views.present, name="instrument"),
    path("<slug:name>/texts/new/", text_views.record, name="instrument-text-new"),
    path("<slug:name>/texts/<slug:uid>/", text_views.text, name="instrument-text"),
    path("<slug:name>/<number:number>/", views.show, name="instrument-version"),
    path("<slug:name>/<number:number>/copy/", views.copy, name="instrument-copy"),
    path("<slug:name>/<number:number>/difference/", views.difference, name="instrument-difference"),
    path("<slug:name>/<number:number>/step/", views.step, name="instrument-step"),
    path("<slug:name>/<number:number>/review/", views.review, name="instrument-review"),
    path("<slug:name>/<number:number>/preview/", edit_views.preview, name="instrument-preview"),
    path("<slug:name>/<number:number>/screen/", edit_views.screen, name="instrument-screen"),
    path("<slug:name>/<number:number>/edit/<slug:part>/", edit_views.part, name="instrument-part"),
]
