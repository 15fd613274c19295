"""Every definition there is, wording of the packs and superseded versions included."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import Instrument

PACKS = "nc"
VERSIONS = [
    *((name, None) for name in library.ids()),
    *(tuple(path.stem.split("@")) for path in sorted((library.DATA / "archive").glob("*.yaml"))),
]


@contextmanager
def packs_on() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(library.PACKS, PACKS)
        yield


def get(name: str, version: str | None = None) -> Instrument:
    with packs_on():
        return library.get(name, version)
