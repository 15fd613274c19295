from django.urls import path

from anxin.ui.gallery import views

app_name = "ui_gallery"

urlpatterns = [
    path("gallery/", views.resident_gallery, name="resident"),
    path("gallery/staff/", views.staff_gallery, name="staff"),
    path("gallery/oversight/", views.oversight_gallery, name="oversight"),
    path("gallery/sign-in/", views.sign_in_gallery, name="sign_in"),
    path("gallery/form/", views.form_gallery, name="form"),
    path("gallery/errors/<int:code>/", views.error_gallery, name="error"),
]
