"""Sign-in as a Django app, for its templates and its catalogue."""

from django.apps import AppConfig


class SignInConfig(AppConfig):
    """Label ``site_signin``."""

    name = "anxin.sites.signin"
    label = "site_signin"
