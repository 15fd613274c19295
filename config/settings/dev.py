"""The demo city on one machine: invented people, one-click sign-in, a null SMS gateway that says so on the screen."""

from config.settings.base import *  # noqa: F403

ANXIN_DEMO = True
ANXIN_DEMO_PERSONAS = "anxin.demo.personas.PERSONAS"
