"""Case conference: several units look at one case for a time, each member at a seat with what was put on it."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.cases.contracts import (
    CaseNoteMissing,
    ConferenceNotFound,
    ConferenceOver,
    ConferenceUnreadable,
    EntryKind,
    SharedField,
)
from anxin.domains.cases.models import Case, CaseConference, ConferenceSeat
from anxin.domains.cases.rules import plans
from anxin.domains.cases.selectors.course import find_seat
from anxin.domains.cases.selectors.plans import latest_plan
from anxin.domains.cases.services.tasks import open_case_to_write
from anxin.domains.cases.services.writing import write_entry
from anxin.domains.network import api as network
from anxin.kernel import clock
from anxin.kernel.actor import Actor

LONGEST = timedelta(days=14)


def _shown(case: Case, shared: Collection[SharedField]) -> str:
    """What the members see, by value. No name, no note and no answer is among the fields that can be chosen."""
    parts: dict[str, object] = {}
    if SharedField.LEVEL in shared:
        parts["level"] = case.level
    if SharedField.STATE in shared:
        parts["state"] = case.state
    if SharedField.FINDINGS in shared:
        latest = case.assessments.order_by("-assessed_at", "-id").first()
        parts["findings"] = latest.findings if latest else {}
    if SharedField.COURSE in shared:
        rows = case.assessments.order_by("assessed_at", "id").values_list("assessed_at", "level")
        parts["course"] = [[at.isoformat(), level] for at, level in rows]
    if SharedField.PLAN in shared:
        plan = latest_plan(case)
        parts["plan"] = {part.value: text for part, text in plans.load(plan.content).items()} if plan else {}
    if SharedField.GOALS in shared:
        parts["goals"] = [goal.text for goal in case.goals.order_by("id")]
    return json.dumps(parts, ensure_ascii=False)


@transaction.atomic
@command("cases:conference:called")
def call_conference(
    *,
    actor: Actor,
    case_uid: str,
    question: str,
    shared: Collection[SharedField],
    member_posting_ids: Collection[int],
    closes_at: datetime,
) -> CaseConference:
    """Invite colleagues of any unit until ``closes_at``; each sees the chosen fields as they are now."""
    case = open_case_to_write(actor, case_uid)
    now = clock.now()
    members = network.postings_by_id(posting_ids=member_posting_ids)
    if not question.strip():
        raise ConferenceUnreadable(field="question")
    if not members or not shared:
        raise ConferenceUnreadable(field="members" if shared else "shared")
    if not now < closes_at <= now + LONGEST:
        raise ConferenceUnreadable(field="closes_at")
    conference = CaseConference.objects.create(
        case=case,
        question=question.strip(),
        shared=sorted(one.value for one in shared),
        called_at=now,
        called_by=actor.label,
        closes_at=closes_at,
    )
    shown = json.dumps({"question": question.strip(), **json.loads(_shown(case, shared))}, ensure_ascii=False)
    for member in members.values():
        ConferenceSeat.objects.create(
            conference=conference,
            posting=member,
            case_path=case.scope_path,
            seat_path=member.unit.path,
            case_number=case.number,
            closes_at=closes_at,
            shown=shown,
        )
    names = "、".join(f"{one.staff.name}·{one.unit.name}" for one in members.values())
    write_entry(case, EntryKind.CONFERENCE_CALLED, actor=actor, note=conference.question, members=names)
    return conference


@transaction.atomic
@command("cases:conference:spoken")
def speak_in_conference(*, actor: Actor, seat_uid: str, view: str) -> ConferenceSeat:
    """A member's view of the question, while the conference is open."""
    seat = find_seat(actor=actor, uid=seat_uid)
    if not view.strip():
        raise CaseNoteMissing(field="view")
    seat.view, seat.viewed_at = view.strip(), clock.now()
    seat.save(update_fields=["view", "viewed_at"])
    return seat


@transaction.atomic
@command("cases:conference:ended")
def end_conference(*, actor: Actor, case_uid: str, conference_uid: str, minutes: str) -> CaseConference:
    """The minutes; every seat is cleared at once. Raises ``ConferenceOver``."""
    case = open_case_to_write(actor, case_uid)
    found = case.conferences.select_for_update().filter(uid=conference_uid).first()
    if found is None:
        raise ConferenceNotFound
    if found.ended_at is not None:
        raise ConferenceOver
    if not minutes.strip():
        raise CaseNoteMissing(field="minutes")
    now = clock.now()
    found.minutes, found.ended_at, found.ended_by = minutes.strip(), now, actor.label
    found.save(update_fields=["minutes", "ended_at", "ended_by"])
    # What lay on the seats is taken away; what the members said stays.
    found.seats.update(closes_at=now, shown="{}")
    write_entry(case, EntryKind.CONFERENCE_ENDED, actor=actor, note=found.minutes)
    return found
