"""The invented people of the demo, one press each.

The site cannot import the demo, so the setting ``ANXIN_DEMO_PERSONAS`` names them. A persona has ``code``, ``login``
(of a resident: the phone number), ``name``, ``place``, ``line`` and ``icon``.
"""

from collections.abc import Sequence
from typing import Protocol

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.module_loading import import_string

_SALT = "anxin.sites.signin.personas"


class Persona(Protocol):
    """One invented person."""

    code: str
    login: str
    name: str
    place: str
    line: str
    icon: str


def personas() -> Sequence[Persona]:
    """Everybody who can be tried, in the order of the page; nobody outside the demo."""
    if not (settings.ANXIN_DEMO and settings.ANXIN_DEMO_PERSONAS):
        return ()
    found: Sequence[Persona] = import_string(settings.ANXIN_DEMO_PERSONAS)
    return found


def persona(code: str) -> Persona | None:
    """One of them."""
    return next((one for one in personas() if one.code == code), None)


def sign_in_path(code: str) -> str:
    """The address that a terminal can print. Its key is worth nothing elsewhere: it is made with this copy's secret."""
    return f"/sign-in/as/{code}/?key={key_of(code)}"


def key_of(code: str) -> str:
    """The key in that address."""
    return salted_hmac(_SALT, code, algorithm="sha256").hexdigest()[:20]


def opens(code: str, key: str) -> bool:
    """Whether ``key`` belongs to ``code``."""
    return constant_time_compare(key_of(code), key)
