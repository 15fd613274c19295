"""转介, the sending side: draft with what the other side needs, record the consent, send, ask somebody else, take back.

What leaves a unit is decided by the actor's rights and kept by the house: it changes who may see the referral, and the
row that is written must not depend on what its writer still sees.
"""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anxin.domains.archives import api as archives
from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import SittingNotFound
from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import CaseState, EntryKind
from anxin.domains.cases.contracts import Permission as CasesPermission
from anxin.domains.network import api as network
from anxin.domains.notices import api as notices
from anxin.domains.notices.contracts import Channel
from anxin.domains.referrals import api as referrals
from anxin.domains.referrals.contracts import (
    ConsentScope,
    Contact,
    Evidence,
    Item,
    LegalBasis,
    Permission,
    ReferralDraft,
    State,
    Urgency,
)
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import LegalBasis as PersonsBasis
from anxin.domains.residents.contracts import Purpose
from anxin.domains.risk import api as risk
from anxin.domains.workforce import api as workforce
from anxin.flows import work_on_case
from anxin.flows.referral_ladders import SYSTEM, call_whoever_is_next, draw, receiver_ids
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.cases.models import Case
    from anxin.domains.network.models import Posting
    from anxin.domains.referrals.models import Referral
    from anxin.domains.risk.models import Warning

_NEWEST = 6


@dataclass(frozen=True, slots=True)
class Wish:
    """What the sender writes. Everything else is taken from the record."""

    to_unit_uid: str
    tier: int
    urgency: Urgency
    reason: str
    basis: str
    measures: str
    legal_basis: LegalBasis
    previous_uid: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the record has to give: the contact, the key scores, and the evidence that could travel."""

    subject: "Case | Warning"
    contact: Contact
    scores: str
    items: tuple[Item, ...]


def gather(*, actor: Actor, case_uid: str = "", warning_uid: str = "") -> Gathered:
    """From a case or a warning the actor may read. Inside the actor's own unit of work."""
    if case_uid:
        case = cases.access_case(actor=actor, uid=case_uid)
        return _gathered(actor, case, _items_of_case(case))
    return _gathered(actor, risk.access_warning(actor=actor, uid=warning_uid), ())


def _gathered(actor: Actor, subject: "Case | Warning", items: tuple[Item, ...]) -> Gathered:
    scores = _scores(actor, subject.resident.uid) if subject.resident is not None else []
    text = json.dumps(scores, ensure_ascii=False) if scores else ""
    sheets = (Item(Evidence.SCORES, "", text),) if scores else ()
    return Gathered(subject, _contact(subject), text, (*sheets, *items))


def _scores(actor: Actor, resident_uid: str) -> list[dict[str, Any]]:
    try:
        found = assessments.access_results_of(actor=actor, resident_uid=resident_uid)
    except SittingNotFound:
        return []
    newest: dict[str, dict[str, Any]] = {}
    for sitting in found:
        sheet = getattr(sitting, "score_sheet", None)
        if sheet is None or sitting.instrument in newest:
            continue
        newest[sitting.instrument] = {
            "instrument": sitting.instrument,
            "on": f"{clock.local(sheet.scored_at):%Y-%m-%d}",
            "total": sheet.scores.get("total"),
            "bands": [band.get("key", "") for band in sheet.bands],
        }
    return list(newest.values())[:_NEWEST]


def _contact(subject: "Case | Warning") -> Contact:
    person = subject.resident
    if person is None:
        asked = subject.contact_request
        assert asked is not None
        return Contact(name=asked.call_name, phone=asked.phone)
    guardian = ""
    if person.born_on is not None and residents.age_on(person.born_on, clock.today()) < 18:
        guardian = _guardian_of(person.id)
    return Contact(name=person.name, phone=person.phone, hours=person.safe_hours, guardian=guardian)


def _guardian_of(resident_id: int) -> str:
    with unit_of_work(SYSTEM):
        archive = archives.archive_of(actor=SYSTEM, resident_id=resident_id)
        found = archives.guardians_of(actor=SYSTEM, archive=archive) if archive else []
    in_force = [one for one in found if one.ended_on is None]
    return "; ".join(f"{one.name} {one.phone}".strip() for one in in_force)


def _items_of_case(case: "Case") -> tuple[Item, ...]:
    items = []
    latest = max(case.assessments.all(), key=lambda one: one.id, default=None)
    if latest is not None:
        body = {
            "level": latest.level,
            "on": f"{clock.local(latest.assessed_at):%Y-%m-%d}",
            "summary": latest.summary,
        }
        items.append(Item(Evidence.ASSESSMENT, case.number, json.dumps(body, ensure_ascii=False)))
    contacts = [one for one in case.entries.all() if one.kind == EntryKind.CONTACT][-10:]
    if contacts:
        lines = [
            {
                "at": f"{clock.local(one.happened_at):%Y-%m-%d %H:%M}",
                "channel": one.params.get("channel", ""),
                "outcome": one.params.get("outcome", ""),
            }
            for one in contacts
        ]
        items.append(Item(Evidence.CONTACTS, case.number, json.dumps(lines)))
    return tuple(items)


def posting_to_send_from(actor: Actor, subject: "Case | Warning | None" = None) -> "Posting":
    """Where the actor sends from: the subject's own unit if they are posted there. Raises ``NotPermitted``."""
    held = network.postings_of(staff_id=actor.staff_id, on=clock.today()) if actor.staff_id else []
    able = [one for one in held if actor.may(Permission.SEND, at=one.unit.path)]
    if not able:
        raise NotPermitted
    own = subject.unit_id if subject is not None else 0
    return next((one for one in able if one.unit_id == own), able[0])


def draft(*, actor: Actor, wish: Wish, case_uid: str = "", warning_uid: str = "") -> "Referral":
    """Keep a draft, seen by the sender's side alone. All that could travel is in it until consent is recorded."""
    with unit_of_work(actor):
        gathered = gather(actor=actor, case_uid=case_uid, warning_uid=warning_uid)
        sender = posting_to_send_from(actor, gathered.subject)
        to_unit = network.unit_by_uid(uid=wish.to_unit_uid)
        own_tier = _own_tier(actor)
        return referrals.draft_referral(
            actor=actor,
            sender=sender,
            to_unit=to_unit,
            draft=ReferralDraft(
                urgency=wish.urgency,
                level=gathered.subject.level,
                basis=wish.basis,
                reason=wish.reason,
                measures=wish.measures,
                scores=gathered.scores,
                contact=gathered.contact,
                own_tier=own_tier,
                tier=wish.tier,
                ranks=(referrals.rank_of(sender.unit.kind), referrals.rank_of(to_unit.kind)),
                legal_basis=wish.legal_basis,
                evidence=gathered.items,
                previous_uid=wish.previous_uid,
            ),
            subject=gathered.subject,
            receivers=receiver_ids(to_unit, wish.tier),
            draw=draw,
        )


def _own_tier(actor: Actor) -> int:
    if actor.staff_id is None:
        raise NotPermitted
    return int(workforce.tiers_of(staff_ids=[actor.staff_id], on=clock.today())[actor.staff_id])


def record_consent(
    *, actor: Actor, uid: str, scope: ConsentScope, seen_version: int | None = None
) -> "Referral":
    """What the person agreed to. Whatever they did not agree to leaves the draft."""
    with unit_of_work(actor):
        referrals.referral_brief(actor=actor, uid=uid)
        return referrals.record_consent(
            actor=actor, uid=uid, scope=scope, draw=draw, seen_version=seen_version
        )


def send(*, actor: Actor, uid: str, seen_version: int | None = None) -> "Referral":
    """To the other side, who is called at once. Without consent the person is told promptly (PIPL 18)."""
    with unit_of_work(actor):
        before = referrals.referral_brief(actor=actor, uid=uid)
        with unit_of_work(SYSTEM):
            sent = referrals.send(
                actor=actor,
                uid=uid,
                receivers=receiver_ids(before.to_unit, before.tier),
                draw=draw,
                seen_version=seen_version,
            )
            if sent.consent_at is None:
                _tell_person(actor, sent)
        _mark_case(actor, sent, CaseState.REFERRED)
        call_whoever_is_next(sent)
        return sent


def _tell_person(actor: Actor, sent: "Referral") -> None:
    if sent.resident is None:
        return
    act = residents.act_without_consent(
        actor=SYSTEM,
        resident_uid=sent.resident.uid,
        basis=PersonsBasis.LIFE_IN_DANGER,
        purpose=Purpose.EMERGENCY_CONTACT,
        reason=f"{actor.label}: {sent.reason}",
        recipient=sent.to_unit.name,
    )
    notices.queue(
        actor=SYSTEM,
        key=f"act-without-consent:{act.uid}",
        template="told_afterwards",
        channel=Channel.SMS,
        params={},
        scope_path=sent.resident.scope_path,
        resident_id=sent.resident_id,
    )
    residents.mark_told(actor=SYSTEM, act_uid=act.uid)


def _mark_case(actor: Actor, referral: "Referral", state: CaseState) -> None:
    """The case says that somebody else is asked, or no longer. What cannot be said there holds up no referral."""
    if referral.case_id is None:
        return
    case = cases.cases_queryset(actor=actor).filter(id=referral.case_id).first()
    if (
        case is None
        or not cases.may_on_case(actor, CasesPermission.WRITE, case)
        or case.closed_at is not None
    ):
        return
    if state in cases.enterable_from(CaseState(case.state)):
        work_on_case.enter_state(actor=actor, case_uid=case.uid, state=state, note=referral.number)


def send_on(
    *, actor: Actor, uid: str, to_unit_uid: str, reason: str, seen_version: int | None = None
) -> "Referral":
    """Ask another unit. Everything stays in one chain."""
    with unit_of_work(actor):
        before = referrals.referral_brief(actor=actor, uid=uid)
        to_unit = network.unit_by_uid(uid=to_unit_uid)
        with unit_of_work(SYSTEM):
            sent = referrals.send_on(
                actor=actor,
                uid=uid,
                to_unit=to_unit,
                receivers=receiver_ids(to_unit, before.tier),
                draw=draw,
                reason=reason,
                seen_version=seen_version,
            )
        call_whoever_is_next(sent)
        return sent


def widen_consent(*, actor: Actor, uid: str, how: str, seen_version: int | None = None) -> "Referral":
    """The person agrees that another unit is asked."""
    with unit_of_work(actor):
        return referrals.widen_consent(actor=actor, uid=uid, how=how, seen_version=seen_version)


def take_back(*, actor: Actor, uid: str, note: str, seen_version: int | None = None) -> "Referral":
    """接回: the person is the station's again; the case goes on where it left off."""
    with unit_of_work(actor):
        taken = referrals.take_back(actor=actor, uid=uid, draw=draw, note=note, seen_version=seen_version)
        _mark_case(actor, taken, CaseState.INTERVENING)
        return taken


def follow_up(*, actor: Actor, uid: str, note: str, seen_version: int | None = None) -> "Referral":
    """The first follow-up after the return."""
    with unit_of_work(actor):
        return referrals.follow_up(actor=actor, uid=uid, note=note, draw=draw, seen_version=seen_version)


def close(*, actor: Actor, uid: str, note: str, seen_version: int | None = None) -> "Referral":
    """The feedback was read; the person stays with the other side, or was lost as it says."""
    with unit_of_work(actor):
        return referrals.close(actor=actor, uid=uid, note=note, draw=draw, seen_version=seen_version)


def withdraw(*, actor: Actor, uid: str, reason: str, seen_version: int | None = None) -> "Referral":
    """It is not needed any more, or cannot be."""
    with unit_of_work(actor):
        referral = referrals.withdraw(
            actor=actor, uid=uid, reason=reason, draw=draw, seen_version=seen_version
        )
        if referral.state == State.WITHDRAWN and referral.sent_at is not None:
            _mark_case(actor, referral, CaseState.INTERVENING)
        return referral
