"""What can be looked for. Read from the query string; a broken choice counts as not made."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.audit import api as audit
from anxin.domains.audit.contracts import Search
from anxin.domains.network import api as network
from anxin.kernel import clock
from anxin.sites.staff.audit.words import ACTOR_KINDS, ROOMS

USUAL_DAYS = 7
ANY = ("", _("any"))


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class TrailFilter(forms.Form):
    """Time, who, what, of what, where. Without a day: the last week."""

    since = _day_field(pgettext_lazy("trail", "First day"))
    until = _day_field(pgettext_lazy("trail", "Last day"))
    actor = forms.CharField(label=_("Name of who acted"), max_length=40, required=False)
    kind = forms.ChoiceField(
        label=pgettext_lazy("trail", "Kind"),
        required=False,
        choices=[ANY, *((kind.value, words) for kind, words in ACTOR_KINDS.items())],
    )
    event = forms.ChoiceField(label=_("What was done"), required=False)
    of = forms.CharField(
        label=_("Number or identifier"),
        max_length=60,
        required=False,
        help_text=_("Of a case, a warning, a person, an account or a request."),
    )
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"].choices = event_choices()  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """The valid choices."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name) for name in self.fields}
        found = {name: value.strip() if isinstance(value, str) else value for name, value in found.items()}
        if not found["since"] and not found["until"] and not found["of"]:
            found["since"] = clock.today() - timedelta(days=USUAL_DAYS - 1)
        return found

    def search(self) -> Search:
        """The same as the room of the trail asks for it."""
        found = self.chosen()
        event = found["event"] or ""
        is_room = bool(event) and ":" not in event
        return Search(
            since=_start(found["since"]),
            until=_start(found["until"] + timedelta(days=1)) if found["until"] else None,
            actor=found["actor"] or "",
            actor_kind=found["kind"] or "",
            room=event if is_room else "",
            event="" if is_room else event,
            of=found["of"] or "",
            paths=_paths(found["unit"]) if found["unit"] else None,
        )

    def params(self) -> dict[str, str]:
        """What stands in the address."""
        found = self.chosen()
        return {name: str(value) for name, value in found.items() if value}


def _start(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), clock.LOCAL) if day else None


def _paths(text: str) -> tuple[str, ...]:
    return tuple(network.units_found_queryset(text=text).values_list("path", flat=True))


def event_choices() -> list[Any]:
    """By room: everything of it, then each event in words."""
    by_room: dict[str, list[tuple[str, str]]] = {}
    for event in sorted(audit.sentences_by_event()):
        by_room.setdefault(event.partition(":")[0], []).append((event, audit.sentence_of(event)))
    return [
        ANY,
        *(
            (words, [(room, _("all of it")), *by_room[room]])
            for room, words in ROOMS.items()
            if room in by_room
        ),
    ]
