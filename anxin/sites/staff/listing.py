"""Lists are read too: who listed what, by which choices, how many rows they saw. One line a list, none a row."""

from collections.abc import Mapping
from typing import Any

from anxin.domains.audit import api as audit
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index

# Words somebody typed may be a person's name. Their fingerprint still answers "did anybody look for this name".
_TYPED = frozenset({"q", "name", "number", "phone", "id_number"})
_FINGERPRINT = 16


def note_listing(actor: Actor, event: str, *, asked: Mapping[str, Any], shown: int) -> None:
    """Write one line, in the running unit of work."""
    choices = "; ".join(f"{name}={_told(name, value)}" for name, value in asked.items() if value)
    audit.record(actor=actor, event=event, reason=f"{choices}: {shown}" if choices else str(shown))


def fingerprint(words: str) -> str:
    """What stands in the trail for words that were typed into a search."""
    return f"#{blind_index(' '.join(words.split()), purpose='audit.search')[-_FINGERPRINT:]}"


def _told(name: str, value: Any) -> str:
    return fingerprint(str(value)) if name in _TYPED else str(value)
