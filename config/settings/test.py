"""The tests: the same settings as the demo, quicker password hashes, and the database the session's fixture clones."""

from config.settings.base import *  # noqa: F403

ANXIN_DEMO = True
ANXIN_DEMO_PERSONAS = "anxin.demo.personas.PERSONAS"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# tests change keys through the settings
ANXIN_KEY_FILE = ""
