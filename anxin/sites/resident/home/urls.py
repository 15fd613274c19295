"""Addresses of the home page."""

from django.urls import path

from anxin.sites.resident.home import views

app_name = "resident_home"
urlpatterns = [
    path("", views.home, name="home"),
    path("area/", views.choose_area, name="area"),
    path("your-data/", views.your_data, name="your_data"),
]
