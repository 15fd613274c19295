"""What the pages of a roster show."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import (
    CONSENT_ASKED,
    ROSTER_TAKEN,
    ConsentState,
    GroupCount,
    ImportState,
    Permission,
    RosterColumn,
)
from anxin.exchange.roster import words
from anxin.kernel.actor import Actor
from anxin.kernel.masking import mask_name

FAULTS_A_PAGE = 50
FILE_STATES = {
    ImportState.WAITING: gettext_lazy("waits its turn"),
    ImportState.READING: gettext_lazy("is being read"),
    ImportState.FINISHED: gettext_lazy("finished"),
    ImportState.FAILED: gettext_lazy("not taken"),
}
# A refusal is an answer; the word for it is the same for everybody.
CONSENTS = {
    ConsentState.AWAITED: gettext_lazy("not answered yet"),
    ConsentState.GIVEN: gettext_lazy("takes part"),
    ConsentState.REFUSED: gettext_lazy("does not take part"),
    ConsentState.WITHDRAWN: gettext_lazy("does not take part"),
}


@dataclass(frozen=True, slots=True)
class FileView:
    """One file in the list, and on its own page."""

    uid: str
    name: str
    state: str
    words: str
    sent_by: str
    sent_at: Any
    total: int
    done: int
    percent: int
    accepted: int
    unchanged: int
    refused: int
    failure: str
    has_marked_file: bool
    columns: tuple[tuple[str, str], ...]

    @property
    def is_running(self) -> bool:
        """Whether it is worth looking again."""
        return self.state in (ImportState.WAITING, ImportState.READING)


@dataclass(frozen=True, slots=True)
class FaultView:
    """One line of what is wrong."""

    place: str
    column: str
    says: str


def file_view(roster: Any) -> FileView:
    """A file in words and numbers."""
    total = roster.total_rows
    return FileView(
        uid=roster.uid,
        name=roster.file_name,
        state=roster.state,
        words=str(FILE_STATES[ImportState(roster.state)]),
        sent_by=roster.started_by.name,
        sent_at=roster.started_at,
        total=total,
        done=roster.next_row,
        percent=min(100, roster.next_row * 100 // total) if total else 0,
        accepted=roster.accepted,
        unchanged=roster.unchanged,
        refused=roster.refused,
        failure=words.file_words(roster.failure, roster.failure_detail) if roster.failure else "",
        has_marked_file=roster.has_marked_file,
        columns=tuple(
            (words.column_words(column), title)
            for column, title in sorted(
                roster.columns.items(), key=lambda pair: list(RosterColumn).index(pair[0])
            )
        ),
    )


def roster_page(actor: Actor, uid: str) -> dict[str, Any]:
    """The roster of one campaign: files and classes, in numbers."""
    campaign = campaigns.campaign_of(actor=actor, uid=uid)
    groups = campaigns.group_counts(actor=actor, campaign=campaign)
    may_read = campaigns.may_on(actor=actor, permission=Permission.READ_NAMES, campaign=campaign)
    may_run = campaigns.may_on(actor=actor, permission=Permission.RUN, campaign=campaign)
    return {
        "campaign": campaign,
        "files": [file_view(one) for one in campaigns.rosters_of(actor=actor, campaign=campaign)],
        "groups": [_group_row(uid, one) for one in groups],
        "listed": sum(one.listed for one in groups),
        "may_send": campaign.state in ROSTER_TAKEN
        and campaigns.may_on(actor=actor, permission=Permission.PLAN, campaign=campaign),
        "is_closed": campaign.state not in ROSTER_TAKEN,
        "may_read_names": may_read,
        "may_print": may_read and may_run,
    }


def _group_row(uid: str, one: GroupCount) -> dict[str, Any]:
    key = {"uid": uid, "class_uid": one.uid}
    return {
        "name": f"{one.grade} {one.name}".strip(),
        "code": campaigns.shown_code(one.code),
        "listed": one.listed,
        "given": one.consent_given,
        "awaited": one.consent_awaited,
        "url": reverse("staff:campaign-class", kwargs=key),
        "slips_url": reverse("staff:campaign-class-slips", kwargs=key),
    }


def file_page(actor: Actor, uid: str, file_uid: str, number: str) -> dict[str, Any]:
    """One file: how far it is, what it brought, what is wrong row by row."""
    campaign = campaigns.campaign_of(actor=actor, uid=uid)
    roster = campaigns.roster_of(actor=actor, campaign=campaign, uid=file_uid)
    faults = campaigns.roster_faults_queryset(actor=actor, roster=roster)
    found: Page[Any] = Paginator(faults, FAULTS_A_PAGE).get_page(number)
    return {
        "campaign": campaign,
        "file": file_view(roster),
        "page": found,
        "faults": [_fault_view(one) for one in found.object_list],
        "may_fetch": all(
            campaigns.may_on(actor=actor, permission=one, campaign=campaign)
            for one in (Permission.PLAN, Permission.READ_NAMES)
        ),
    }


def _fault_view(one: Any) -> FaultView:
    place = _("Row %(row)s") % {"row": one.row}
    return FaultView(
        place=f"{one.sheet} {place}".strip(),
        column=words.column_words(one.column),
        says=words.row_words(one.fault, one.detail),
    )


def class_page(actor: Actor, uid: str, class_uid: str, *, is_named: bool = False) -> dict[str, Any]:
    """The people of one class, masked unless their names are asked for; either look is recorded."""
    campaign = campaigns.campaign_of(actor=actor, uid=uid)
    group = campaigns.class_of(actor=actor, campaign=campaign, uid=class_uid)
    read = campaigns.names_of_class if is_named else campaigns.people_of_class
    people = read(actor=actor, group=group)
    return {
        "campaign": campaign,
        "group": group,
        "name": f"{group.grade} {group.name}".strip(),
        "code": campaigns.shown_code(group.code),
        "people": [
            {
                "uid": one.uid,
                "number": one.roster_number,
                "name": one.name if is_named else mask_name(one.name),
                "consent": CONSENTS[ConsentState(one.consent)],
                "has_answered": one.consent != ConsentState.AWAITED,
                "renewed": one.token_version - 1,
            }
            for one in people
        ],
        "is_named": is_named,
        "may_renew": campaigns.may_on(actor=actor, permission=Permission.RUN, campaign=campaign),
    }


def consent_page(actor: Actor, uid: str, *, with_names: bool) -> dict[str, Any]:
    """How the asking stands; names only when they were asked for."""
    campaign = campaigns.campaign_of(actor=actor, uid=uid)
    names: list[dict[str, str]] | None = None
    if with_names:
        names = [
            {
                "group": f"{one.group.grade} {one.group.name}".strip(),
                "number": one.roster_number,
                "name": one.name,
                "has_phone": bool(one.guardian_phone),
            }
            for one in campaigns.awaited_of(actor=actor, campaign=campaign)
        ]
    return {
        "campaign": campaign,
        "counts": campaigns.consent_counts(actor=actor, campaign=campaign),
        "names": names,
        "may_ask": campaign.state in CONSENT_ASKED
        and campaigns.may_on(actor=actor, permission=Permission.PLAN, campaign=campaign),
        "may_read_names": campaigns.may_on(actor=actor, permission=Permission.READ_NAMES, campaign=campaign),
    }
