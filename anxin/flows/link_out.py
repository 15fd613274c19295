"""联动: a hand-off to 120, 110 or 119, a call to the expert group, a release to the police, a duty to report, and what
departments hand in. Each leaves with the few facts its kind allows, and waits with an owner and a clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from anxin.domains.access import api as access
from anxin.domains.campaigns.contracts import ClockSubject
from anxin.domains.cases import api as cases
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import Climb, Holder, Ladder, RungName
from anxin.domains.linkages import api as linkages
from anxin.domains.linkages.contracts import (
    About,
    ConsentUnconfirmed,
    Draw,
    Fact,
    Kind,
    LinkageDraft,
    NobodyApproves,
    Permission,
)
from anxin.domains.network import api as network
from anxin.domains.notices import api as notices
from anxin.domains.notices.contracts import Channel
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import LegalBasis, Purpose
from anxin.domains.rights import api as rights
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import HIGH
from anxin.flows.ladders import draw_ladder
from anxin.flows.tell_staff import CHANNELS, call_holder
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.cases.models import Case
    from anxin.domains.linkages.models import ExpertCall, Linkage
    from anxin.domains.network.models import Posting
    from anxin.domains.risk.models import Warning

SYSTEM = Actor.system("linkages")
# What leaves without consent: who learns of it is decided by the ground (rights.protect withholds it from guardians).
_GROUNDS = {
    Kind.HANDOFF: LegalBasis.LIFE_IN_DANGER,
    Kind.RELEASE: LegalBasis.POLICE,
    Kind.REPORT: LegalBasis.MANDATORY_REPORT,
}


@dataclass(frozen=True, slots=True)
class Source:
    """The case or the warning a linkage comes from."""

    case_uid: str = ""
    warning_uid: str = ""


def subject_of(*, actor: Actor, source: Source) -> "Case | Warning":
    """Under the policy of its room. Inside the actor's unit of work."""
    if source.case_uid:
        return cases.case_brief(actor=actor, uid=source.case_uid)
    return risk.warning_brief(actor=actor, uid=source.warning_uid)


def begin(
    *,
    actor: Actor,
    source: Source,
    kind: Kind,
    recipient: str,
    reason: str,
    facts: Mapping[Fact, str],
    basis: str = "",
) -> "Linkage":
    """A hand-off, an expert call, a request for a release, or a report: from a case or a warning of the actor's."""
    if kind is Kind.INBOUND:
        raise ValueError("a department hands in through submit")
    with unit_of_work(actor):
        subject = subject_of(actor=actor, source=source)
        about = _about(subject, is_case=bool(source.case_uid))
        approvers = _approvers(actor, about.scope_path) if kind is Kind.RELEASE else []
        if kind is Kind.RELEASE and not approvers:
            raise NobodyApproves
        experts = experts_of(about.scope_path) if kind is Kind.EXPERTS else {}
        with unit_of_work(SYSTEM):
            made = linkages.begin(
                actor=actor,
                about=about,
                draft=LinkageDraft(kind, recipient, reason, facts, basis),
                draw=_draw(actor, approvers),
                experts=experts,
            )
            if kind in (Kind.HANDOFF, Kind.REPORT):
                _write_down(actor, made)
            for staff_id in experts:
                _call(made, staff_id, "expert_called")
            _call_holder(made, "begun")
        return made


def submit(*, actor: Actor, unit_uid: str, name: str, phone: str, reason: str, agrees: bool) -> "Linkage":
    """A department, such as a mediation centre, hands in somebody who agrees. It learns whether it was accepted."""
    if not agrees:
        raise ConsentUnconfirmed(field="agrees")
    unit = network.unit_by_uid(uid=unit_uid)
    with unit_of_work(SYSTEM):
        made = linkages.begin(
            actor=actor,
            about=About(unit_id=unit.id, scope_path=unit.path),
            draft=LinkageDraft(Kind.INBOUND, "", reason, {Fact.NAME: name, Fact.CALLBACK: phone}),
            draw=_draw(None, []),
        )
        _call_holder(made, "begun")
        return made


def answer(*, actor: Actor, uid: str, text: str) -> "Linkage":
    """Taken over, approved or accepted. An approved release is written down as what it is: data without consent."""
    with unit_of_work(actor):
        linkages.linkage_brief(actor=actor, uid=uid)
        with unit_of_work(SYSTEM):
            answered = linkages.answer(actor=actor, uid=uid, text=text)
            if answered.kind == Kind.RELEASE:
                _write_down(actor, answered)
            return answered


def refuse(*, actor: Actor, uid: str, text: str) -> "Linkage":
    """No to a release, or to what a department handed in."""
    with unit_of_work(actor):
        linkages.linkage_brief(actor=actor, uid=uid)
        return linkages.refuse(actor=actor, uid=uid, text=text)


def withdraw(*, actor: Actor, uid: str, text: str) -> "Linkage":
    """Not needed any more."""
    with unit_of_work(actor):
        return linkages.withdraw(actor=actor, uid=uid, text=text)


def note_callback(*, actor: Actor, uid: str, text: str) -> "Linkage":
    """回访: what was heard afterwards."""
    with unit_of_work(actor):
        return linkages.note_callback(actor=actor, uid=uid, text=text)


def respond(*, actor: Actor, call_uid: str, is_coming: bool) -> "ExpertCall":
    """An expert answers their call; they see the call and nothing of the person."""
    with unit_of_work(SYSTEM):
        return linkages.respond(actor=actor, call_uid=call_uid, is_coming=is_coming)


def tell_of_climb(climb: Climb) -> None:
    """Nobody answered in time: the log says so, and the next is called."""
    with unit_of_work(SYSTEM):
        linkage = linkages.record_climb(actor=SYSTEM, climb=climb)
        if linkage is None or not (
            climb.to_index > climb.from_index or climb.paged_now or climb.breached_now
        ):
            return
        call_holder(
            actor=SYSTEM,
            subject=ClockSubject(linkage.uid, linkage.number, climb.rung.unit_path),
            rung=climb.rung,
            occasion=f"climb:{climb.deadline_uid}:{climb.to_index}:{climb.pages}",
        )


def experts_of(path: str) -> dict[int, str]:
    """The roster of the expert group for a node: who may respond there and is in post today."""
    found: dict[int, str] = {}
    for account_id in access.accounts_that_may(permission=Permission.RESPOND.value, at=path):
        staff = network.staff_by_account(account_id=account_id)
        if staff is not None and network.postings_of(staff_id=staff.id, on=clock.today()):
            found[staff.id] = staff.name
    return found


def _about(subject: "Case | Warning", *, is_case: bool) -> About:
    person = subject.resident
    return About(
        unit_id=subject.unit_id,
        scope_path=subject.scope_path,
        resident_id=subject.resident_id,
        person_uid=person.uid if person is not None else "",
        case_id=subject.id if is_case else None,
        warning_id=None if is_case else subject.id,
    )


def _approvers(actor: Actor, path: str) -> "list[Posting]":
    found = []
    for account_id in access.accounts_that_may(permission=Permission.APPROVE_RELEASE.value, at=path):
        staff = network.staff_by_account(account_id=account_id)
        if staff is not None and staff.id != actor.staff_id:
            found += network.postings_of(staff_id=staff.id, on=clock.today())[:1]
    return found


def _draw(actor: Actor | None, approvers: "list[Posting]") -> Draw:
    """Those who approve in turn; or whoever began it first, then upward from its unit."""

    def draw(linkage: "Linkage", due_at: datetime) -> Ladder:
        rules, start = linkages.linkage_rules(), clock.now()
        if approvers:
            turns = [start, *(due_at + rules.page_every * place for place in range(len(approvers) - 1))]
            return deadlines.build_ladder([_holder(one) for one in approvers], turns, rules.page_every)
        first = (
            actor
            and actor.staff_id
            and network.candidate_for(staff_id=actor.staff_id, unit_id=linkage.unit_id, at=start)
        )
        ladder, _ = draw_ladder(
            unit_id=linkage.unit_id,
            level=HIGH,
            climbs=[due_at + late for late in (timedelta(0), *rules.climbs)],
            page_every=rules.page_every,
            first=first or None,
            needs=Permission.READ if actor else Permission.ANSWER_INBOUND,
        )
        return ladder

    return draw


def _holder(posting: "Posting") -> Holder:
    return Holder(
        RungName.CITY, posting.id, posting.staff.name, posting.unit_id, posting.unit.name, posting.unit.path
    )


def _write_down(actor: Actor, linkage: "Linkage") -> None:
    """What left without consent stands in the person's register; what a guardian must not learn is withheld."""
    if linkage.resident is None:
        return
    ground = _GROUNDS[Kind(linkage.kind)]
    act = residents.act_without_consent(
        actor=SYSTEM,
        resident_uid=linkage.resident.uid,
        basis=ground,
        purpose=Purpose.EMERGENCY_CONTACT,
        reason=f"{actor.label}: {linkage.number}",
        recipient=linkage.recipient,
    )
    if ground.is_protective:
        for uid in (act.uid, linkage.uid):
            rights.protect(
                actor=SYSTEM, person=linkage.resident, subject_uid=uid, why=ground, reason=linkage.number
            )
        return
    notices.queue(
        actor=SYSTEM,
        key=f"act-without-consent:{act.uid}",
        template="told_afterwards",
        channel=Channel.SMS,
        params={},
        scope_path=linkage.resident.scope_path,
        resident_id=linkage.resident_id,
    )
    residents.mark_told(actor=SYSTEM, act_uid=act.uid)


def _call(linkage: "Linkage", staff_id: int, template: str) -> None:
    for channel in CHANNELS:
        notices.queue(
            actor=SYSTEM,
            key=f"{template}:{linkage.uid}:{staff_id}:{channel}",
            template=template,
            channel=channel,
            params={"number": linkage.number},
            staff_id=staff_id,
            scope_path=linkage.scope_path,
        )


def _call_holder(linkage: "Linkage", occasion: str) -> None:
    """Whoever the clock names is told, unless they began it themselves."""
    if linkage.deadline is None:
        return
    rung = deadlines.standing_of(linkage.deadline, clock.now()).rung
    posting = network.postings_by_id(posting_ids=[rung.posting_id])[rung.posting_id]
    if posting.staff_id != linkage.asked_by_id:
        call_holder(
            actor=SYSTEM,
            subject=ClockSubject(linkage.uid, linkage.number, rung.unit_path),
            rung=rung,
            occasion=occasion,
        )
