"""The words of linkages."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.linkages.contracts import EntryKind, Fact, Kind, State
from anxin.sites.staff.words import Words

KINDS: dict[Kind, Words] = {
    Kind.HANDOFF: _("Hand-off to 120, 110 or 119"),
    Kind.EXPERTS: _("Call to the expert group"),
    Kind.INBOUND: _("Handed in by a department"),
    Kind.RELEASE: _("Release to the police"),
    Kind.REPORT: _("Duty to report"),
}

STATES: dict[State, Words] = {
    State.WAITING: pgettext_lazy("linkage", "waits for an answer"),
    State.ANSWERED: pgettext_lazy("linkage", "answered"),
    State.REFUSED: pgettext_lazy("linkage", "not accepted"),
    State.WITHDRAWN: pgettext_lazy("linkage", "withdrawn"),
}

FACTS: dict[Fact, Words] = {
    Fact.NAME: _("Name"),
    Fact.CALLBACK: _("Number to ring back"),
    Fact.PLACE: _("Where"),
    Fact.DANGER: _("What the danger is"),
    Fact.CONDITION: _("How the person is now"),
}

ENTRIES: dict[EntryKind, Words] = {
    EntryKind.BEGUN: pgettext_lazy("linkage", "Begun"),
    EntryKind.ANSWERED: pgettext_lazy("linkage", "Answered"),
    EntryKind.REFUSED: pgettext_lazy("linkage", "Not accepted"),
    EntryKind.WITHDRAWN: pgettext_lazy("linkage", "Withdrawn"),
    EntryKind.CALLBACK: pgettext_lazy("linkage", "Heard afterwards"),
    EntryKind.RESPONDED: pgettext_lazy("linkage", "An expert responded"),
    EntryKind.CLIMBED: pgettext_lazy("linkage", "No answer in time, the next was called"),
}
