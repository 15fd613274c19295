"""What a guardian is shown and may take away about a ward: one shape, so that no channel shows more than another.

It has no answers, no scores, no numbers of records, and no counts: what is left out leaves no gap.
"""

from datetime import date, datetime

import msgspec

FORMAT = "anxin-ward-file"
VERSION = 1


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the file."""


class Agreement(_Part):
    """One agreement about the ward. ``purpose`` is what a guardian takes it back by; empty where that is not theirs."""

    title: str
    recipient: str
    given_on: date
    given_by: str
    withdrawn_on: date | None
    purpose: str


class General(_Part):
    """How a self-test went, in general. ``level`` is how much support is offered, never a diagnosis."""

    instrument: str
    on: date
    level: str


class Act(_Part):
    """Something done without an agreement that a guardian may know of."""

    basis: str
    on: date


class Look(_Part):
    """One line of who looked at what a guardian sees, too."""

    at: datetime
    who: str
    actor_uid: str
    actor_kind: str
    event: str


class WardFile(_Part):
    """Everything. ``results_are_theirs``: the ward is 14 or older and has not agreed that a guardian sees results."""

    format: str
    version: int
    made_at: datetime
    name: str
    relation: str
    unit: str
    unit_uid: str
    until: date | None
    results_are_theirs: bool
    agreements: list[Agreement]
    results: list[General]
    acts: list[Act]
    looks: list[Look]


def write_json(file: WardFile) -> bytes:
    """The file as readable JSON, without the keys that only a page needs."""
    found = msgspec.to_builtins(file)
    del found["unit_uid"]
    for look in found["looks"]:
        del look["actor_uid"]
    return msgspec.json.format(msgspec.json.encode(found), indent=1)
