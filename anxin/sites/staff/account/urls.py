"""Addresses under ``/staff/account/``."""

from django.urls import path

from anxin.sites.staff.account import views

urlpatterns = [
    path("", views.show, name="account"),
    path("password/", views.change_password, name="account-password"),
    path("codes/", views.renew_codes, name="account-codes"),
    path("passkeys/new/", views.add_passkey, name="account-passkey"),
    path("passkeys/<slug:number>/remove/", views.remove_passkey, name="account-passkey-remove"),
    path("others/end/", views.end_others, name="account-end-others"),
    path("devices/<slug:uid>/end/", views.end_device, name="account-end-device"),
]
