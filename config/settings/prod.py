"""Production: HTTPS only, cookies only over it, no demo. What else must not be: :mod:`anxin.platform.production`."""

import os
from pathlib import Path

from anxin.platform import paths
from anxin.platform.production import demand_safe_files

# before the next line reads the keys, and closes a file to others that had been open to them
demand_safe_files(Path(os.environ.get("ANXIN_STATE_DIR") or paths.checkout() / "var"), os.environ)

from config.settings.base import *  # noqa: E402, F403

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# The prefix lets no neighbouring host and no page without HTTPS set them.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SAMESITE = "Strict"
