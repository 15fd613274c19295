"""Addresses under ``/receipts/``."""

from django.urls import path

from anxin.sites.receipts import views

app_name = "receipts"
urlpatterns = [path("<slug:channel>/", views.take, name="take")]
