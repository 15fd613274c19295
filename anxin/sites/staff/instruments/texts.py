"""One licensed text as its page shows it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Permission, TextState
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.staff.instruments.words import LANGUAGES, TEXT_STATES, Words, listed

if TYPE_CHECKING:
    from anxin.domains.instruments.models import TextBinding


@dataclass(frozen=True, slots=True)
class TextPage:
    """Everything the page draws."""

    binding: "TextBinding"
    title: str
    url: str
    language: Words
    state: Words
    is_expired: bool
    lacks_permission: bool
    questions: list[tuple[str, str]]
    options: list[tuple[str, str]]
    may_activate: bool
    may_end: bool
    is_own: bool


def text_page(actor: Actor, uid: str) -> TextPage:
    """Raises ``TextNotFound``."""
    binding = instruments.text_of(actor=actor, uid=uid)
    reviews = instruments.may(actor=actor, permission=Permission.REVIEW)
    is_own = binding.recorded_by_id == actor.staff_id
    record = (binding.holder, binding.permission_number, binding.permission_scope, binding.evidence_sha256)
    return TextPage(
        binding=binding,
        title=binding.instrument,
        url=reverse("staff:instrument", args=[binding.instrument]),
        language=LANGUAGES.get(binding.language, binding.language),
        state=TEXT_STATES[TextState(binding.state)],
        is_expired=binding.expires_on is not None and binding.expires_on < clock.today(),
        lacks_permission=not all(record) or binding.expires_on is None,
        questions=sorted(binding.text["questions"].items(), key=_in_form_order),
        options=[(name, listed(words)) for name, words in sorted(binding.text["options"].items())],
        may_activate=reviews and binding.state == TextState.RECORDED and not is_own,
        may_end=reviews and binding.state != TextState.ENDED,
        is_own=is_own,
    )


def _in_form_order(named: tuple[str, str]) -> tuple[int, str]:
    name = named[0]
    return (int(name), "") if name.isdigit() else (0 if name == "gate" else 10_000, name)
