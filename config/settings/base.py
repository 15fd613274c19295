"""Settings common to every place Anxin runs in. Anything a city may want to change is read from the environment."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from anxin.platform.secrets import keys_from_environment, load_or_create, secret_file

ROOT = Path(__file__).resolve().parents[2]
STATE_DIR = Path(os.environ.get("ANXIN_STATE_DIR", ROOT / "var"))

_secrets = load_or_create(STATE_DIR)
SECRET_KEY = _secrets["django_secret_key"]
ANXIN_FIELD_KEYS = _secrets["field_keys"]
ANXIN_FIELD_KEY_CURRENT = _secrets["field_key_current"]
ANXIN_INDEX_KEYS = _secrets["index_keys"]
ANXIN_INDEX_KEY_CURRENT = _secrets["index_key_current"]
ANXIN_TOKEN_KEY = _secrets["token_key"]
ANXIN_SCOPE_KEYS = _secrets["scope_keys"]
ANXIN_SCOPE_KEY_CURRENT = _secrets["scope_key_current"]
# Watched, so that a key added while the service runs is known to every process at once.
ANXIN_KEY_FILE = "" if keys_from_environment() else str(secret_file(STATE_DIR))
ANXIN_FIELD_CIPHER = os.environ.get("ANXIN_FIELD_CIPHER", "aes-256-gcm")

DEBUG = False
ALLOWED_HOSTS = os.environ.get("ANXIN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("ANXIN_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "anxin.kernel",
    "anxin.domains.audit",
    "anxin.domains.accounts",
    "anxin.domains.network",
    "anxin.domains.access",
    "anxin.domains.residents",
    "anxin.domains.workforce",
    "anxin.domains.rights",
    "anxin.domains.notices",
    "anxin.domains.conversations",
    "anxin.domains.deadlines",
    "anxin.domains.instruments",
    "anxin.domains.assessments",
    "anxin.domains.campaigns",
    "anxin.domains.risk",
    "anxin.domains.cases",
    "anxin.domains.linkages",
    "anxin.domains.referrals",
    "anxin.domains.archives",
    "anxin.domains.indicators",
    "anxin.ui",
    "anxin.sites.signin",
    "anxin.sites.resident",
    "anxin.sites.staff",
    "anxin.sites.oversight",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "anxin.sites.perimeter.PerimeterMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "anxin.sites.entrance.EntranceMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "anxin.ui.context.skin",
            ],
        },
    }
]


ANXIN_WEB_CONNECTIONS = int(os.environ.get("ANXIN_WEB_CONNECTIONS", "24"))


def database(url: str, *, role: str = "") -> dict[str, object]:
    """A Django database setting from ``postgresql://user:pass@host:port/name?host=/socket/dir&port=…``."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    options: dict[str, object] = {"application_name": os.environ.get("ANXIN_PROCESS", "anxin")}
    if role:
        options["options"] = f"-c role={role}"
    if "sslmode" in query:
        options["sslmode"] = query["sslmode"]
    # Under ASGI each request has a thread of its own: a connection kept for a thread is one that nobody uses again, and
    # the server runs out of slots. The web process shares a pool; the others have few threads, which live long.
    is_web = os.environ.get("ANXIN_PROCESS") == "web"
    if is_web:
        options["pool"] = {"min_size": 2, "max_size": ANXIN_WEB_CONNECTIONS, "timeout": 15}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": query.get("port", str(parts.port or "")),
        "CONN_MAX_AGE": 0 if is_web else 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
        "ATOMIC_REQUESTS": False,
    }


DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql:///anxin")
OWNER_DATABASE_URL = os.environ.get("ANXIN_OWNER_DATABASE_URL", "")
DATABASE_ROLE = os.environ.get("ANXIN_DATABASE_ROLE", "")
# The intake lane has a login of its own, or takes its role on from the one login of the installation.
ANXIN_INTAKE_DATABASE_URL = os.environ.get("ANXIN_INTAKE_DATABASE_URL", "") or (
    DATABASE_URL if DATABASE_ROLE else ""
)
INTAKE_ROLE = "anxin_intake" if DATABASE_ROLE and "ANXIN_INTAKE_DATABASE_URL" not in os.environ else ""
DATABASES = {"default": database(DATABASE_URL, role=DATABASE_ROLE)}

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["anxin.domains.accounts.backends.LoginBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["login"]},
    },
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 16
# The key of a session lies in its cookie alone; the limits of sessions: accounts/data/limits.yaml.
SESSION_ENGINE = "anxin.kernel.sessions"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "anxin.sites.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
MFA_ADAPTER = "anxin.domains.accounts.services.second_factor.SealedMfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Anxin"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "anxin/flows/locale", ROOT / "anxin/exchange/locale", ROOT / "config/locale"]
LANGUAGE_COOKIE_NAME = "ax_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("ANXIN_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "/static/"
# whitenoise serves the committed assets from the packages themselves; there is nothing to collect
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ANXIN_DEMO = False
ANXIN_DEMO_PERSONAS = ""
ANXIN_BRAND = {
    "name": os.environ.get("ANXIN_BRAND_NAME", "安心"),
    "city": os.environ.get("ANXIN_BRAND_CITY", "云澄市"),
    "slogan": os.environ.get("ANXIN_BRAND_SLOGAN", "心灵驿站，健康家园"),
    "name_en": os.environ.get("ANXIN_BRAND_NAME_EN", "Anxin"),
    "city_en": os.environ.get("ANXIN_BRAND_CITY_EN", "Yuncheng "),
    "slogan_en": os.environ.get("ANXIN_BRAND_SLOGAN_EN", "A station for the mind, a healthy home"),
}
ANXIN_HELP_NUMBERS = [
    {"number": "12356", "label": _("psychological aid"), "note": _("24 hours, free"), "primary": True},
    {"number": "120", "label": _("ambulance"), "note": "", "primary": False},
    {"number": "110", "label": _("police"), "note": "", "primary": False},
]
ANXIN_NEUTRAL_EXIT_URL = os.environ.get("ANXIN_NEUTRAL_EXIT_URL", "about:blank")
# The ends of the trail's segments, written where the database cannot reach; see docs/how-to/look-after-the-trail.md.
ANXIN_AUDIT_ROOTS = Path(os.environ.get("ANXIN_AUDIT_ROOTS") or STATE_DIR / "audit")
ANXIN_AUDIT_KEEP_MONTHS = int(os.environ.get("ANXIN_AUDIT_KEEP_MONTHS", "36"))
# How messages leave. "off": the city has no such way, and it is passed over; see docs/how-to/gateways.md.
ANXIN_SMS_GATEWAY = os.environ.get("ANXIN_SMS_GATEWAY", "anxin.gateways.sms.null.NullSms")
ANXIN_WECHAT_GATEWAY = os.environ.get("ANXIN_WECHAT_GATEWAY", "off")
ANXIN_VOICE_GATEWAY = os.environ.get("ANXIN_VOICE_GATEWAY", "off")
ANXIN_EMAIL_GATEWAY = os.environ.get("ANXIN_EMAIL_GATEWAY", "off")
ANXIN_SMS_URL = os.environ.get("ANXIN_SMS_URL", "")
ANXIN_SMS_SECRET = os.environ.get("ANXIN_SMS_SECRET", "")
ANXIN_WECHAT_URL = os.environ.get("ANXIN_WECHAT_URL", "")
ANXIN_WECHAT_SECRET = os.environ.get("ANXIN_WECHAT_SECRET", "")
ANXIN_WECHAT_TEMPLATE = os.environ.get("ANXIN_WECHAT_TEMPLATE", "")
ANXIN_VOICE_URL = os.environ.get("ANXIN_VOICE_URL", "")
ANXIN_VOICE_SECRET = os.environ.get("ANXIN_VOICE_SECRET", "")
ANXIN_SMTP_HOST = os.environ.get("ANXIN_SMTP_HOST", "")
ANXIN_SMTP_PORT = int(os.environ.get("ANXIN_SMTP_PORT", "465"))
ANXIN_SMTP_SECURITY = os.environ.get("ANXIN_SMTP_SECURITY", "tls")
ANXIN_SMTP_USER = os.environ.get("ANXIN_SMTP_USER", "")
ANXIN_SMTP_PASSWORD = os.environ.get("ANXIN_SMTP_PASSWORD", "")
ANXIN_SMTP_FROM = os.environ.get("ANXIN_SMTP_FROM", "")
ANXIN_SENDER_NAME = os.environ.get("ANXIN_SENDER_NAME", "") or ANXIN_BRAND["name"]
ANXIN_REACH_LADDERS = os.environ.get("ANXIN_REACH_LADDERS", "")
# Rosters: a text file is read in a stream; a workbook has to be held in memory, so it may be less.
ANXIN_ROSTER_MAX_BYTES = int(os.environ.get("ANXIN_ROSTER_MAX_BYTES", "300000000"))
ANXIN_ROSTER_MAX_ROWS = int(os.environ.get("ANXIN_ROSTER_MAX_ROWS", "1200000"))
ANXIN_ROSTER_MAX_WORKBOOK_BYTES = int(os.environ.get("ANXIN_ROSTER_MAX_WORKBOOK_BYTES", "40000000"))
ANXIN_ROSTER_MAX_UNPACKED_BYTES = int(os.environ.get("ANXIN_ROSTER_MAX_UNPACKED_BYTES", "400000000"))
ANXIN_ROSTER_MAX_WORKBOOK_ROWS = int(os.environ.get("ANXIN_ROSTER_MAX_WORKBOOK_ROWS", "200000"))
ANXIN_RESPONSE_TIMES = os.environ.get("ANXIN_RESPONSE_TIMES", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("ANXIN_LOG_LEVEL", "WARNING")},
}
