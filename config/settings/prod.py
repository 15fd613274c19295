"""Production: HTTPS only, cookies only over it, no demo."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

if ANXIN_SMS_GATEWAY.endswith(".NullSms"):
    raise ImproperlyConfigured(
        "Set ANXIN_SMS_GATEWAY: the null gateway sends nothing and is for demos and tests only."
    )
