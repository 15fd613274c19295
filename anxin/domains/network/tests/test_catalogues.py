"""Every sentence of these rooms has its Chinese, and nothing is translated that is no longer said."""

import importlib
from enum import StrEnum
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import anxin.domains
from anxin.domains.network.contracts import RouteReason
from anxin.kernel.errors import AnxinError

HOME = Path(anxin.domains.__file__).parent


def said(room: str) -> set[str]:
    """Messages of the errors a room declares, and labels of its enums."""
    contracts = importlib.import_module(f"anxin.domains.{room}.contracts")
    words: set[str] = set()
    for thing in vars(contracts).values():
        if not isinstance(thing, type) or thing.__module__ != contracts.__name__:
            continue
        if issubclass(thing, AnxinError) and "message" in vars(thing):
            words.add(thing.message)
        if issubclass(thing, StrEnum) and hasattr(thing, "label"):
            words |= {one.label for one in thing}
    return words | ({reason.text for reason in RouteReason} if room == "network" else set())


@pytest.mark.parametrize("room", ["access", "network", "workforce"])
def test_the_chinese_catalogue_is_complete(room: str) -> None:
    with open(HOME / room / "locale/zh_Hans/LC_MESSAGES/django.po", "rb") as file:
        catalogue = read_po(file, locale="zh_Hans", abort_invalid=True)
    translated = {str(message.id) for message in catalogue if message.id and message.string}

    assert translated == said(room)
