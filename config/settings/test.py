"""The tests: the same settings as the demo, quicker password hashes, and the database the session's fixture clones."""

from config.settings.base import *  # noqa: F403

ANXIN_DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
