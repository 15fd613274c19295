"""Every refusal of the deadlines and the cases room has its Chinese, and no more is translated than is said."""

from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.pofile import read_po

from anxin.domains.cases import contracts as cases
from anxin.domains.deadlines import contracts as deadlines
from anxin.kernel.errors import AnxinError


@pytest.mark.parametrize("contracts", [cases, deadlines])
def test_the_chinese_catalogue_is_complete(contracts: ModuleType) -> None:
    said = {
        thing.message
        for thing in vars(contracts).values()
        if isinstance(thing, type) and issubclass(thing, AnxinError) and "message" in vars(thing)
    }
    said -= {AnxinError.message} | {base.message for base in AnxinError.__subclasses__()}
    with open(Path(str(contracts.__file__)).parent / "locale/zh_Hans/LC_MESSAGES/django.po", "rb") as file:
        catalogue = read_po(file, locale="zh_Hans", abort_invalid=True)
    assert {str(message.id) for message in catalogue if message.id and message.string} == said
