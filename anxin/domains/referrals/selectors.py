"""Reading referrals."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from anxin.domains.audit.api import query
from anxin.domains.referrals.contracts import (
    Direction,
    Evidence,
    LegalBasis,
    LoopCount,
    OwnReferral,
    Part,
    Permission,
    ReferralNotFound,
    State,
)
from anxin.domains.referrals.models import Referral, ReferralEntry, ReferralEvidence
from anxin.domains.referrals.policies import (
    countable_referrals,
    parts_of,
    side_of_actor,
    visible_referrals,
)
from anxin.domains.referrals.rules.loop import Sent, count_chains
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

# Never the case or the person: the other side may not see those rows, and a join would hide the referral with them.
_WITH = (
    *("deadline", "deadline__owner__staff", "from_unit", "to_unit", "proposed_unit"),
    *("sender__staff", "holder__staff"),
)


@query()
def referrals_queryset(*, actor: Actor) -> QuerySet[Referral]:
    """Referrals of either side the actor stands on, what is due first comes first."""
    found = visible_referrals(actor, Referral.objects.select_related(*_WITH))
    return found.order_by("deadline__due_at", "-ended_at", "id")


@query()
def statuses_queryset(*, actor: Actor) -> QuerySet[Referral]:
    """Number, units, state and clock for whoever manages a unit on either side; nothing of what is written in them."""
    found = countable_referrals(actor, Referral.objects.select_related("deadline", "from_unit", "to_unit"))
    shown = (
        "number",
        "state",
        "direction",
        "urgency",
        "written_at",
        "ended_at",
        "from_unit",
        "to_unit",
        "deadline",
    )
    return found.only(*shown, *(f"{one}__name" for one in ("from_unit", "to_unit"))).order_by(
        "deadline__due_at", "-ended_at", "id"
    )


def find_referral(*, actor: Actor, uid: str) -> Referral:
    """The referral under the same policy. Raises ``ReferralNotFound``."""
    found = referrals_queryset(actor=actor).filter(uid=uid).first()
    if found is None or not parts_of(actor, found):
        raise ReferralNotFound
    return found


@query()
def referral_brief(*, actor: Actor, uid: str) -> Referral:
    """State, sides and clock of one referral, for the step that follows; no content, so no trace of a look."""
    return find_referral(actor=actor, uid=uid)


@query("referrals:referral:viewed")
def access_referral(*, actor: Actor, uid: str) -> Referral:
    """One referral, to show the parts its reader may see. Seeing it is recorded. Raises ``ReferralNotFound``."""
    return find_referral(actor=actor, uid=uid)


@query()
def evidence_of(*, actor: Actor, referral: Referral) -> list[ReferralEvidence]:
    """What travelled with a referral ``access_referral`` has shown; nothing before this reader's side accepted."""
    if Part.EVIDENCE not in parts_of(actor, referral):
        return []
    return list(ReferralEvidence.objects.filter(referral=referral).order_by("id"))


@query()
def timeline_of(*, actor: Actor, referral: Referral) -> list[ReferralEntry]:
    """What happened, newest first, in a referral ``access_referral`` has shown; of the other side no inner notes."""
    side, parts = side_of_actor(actor, referral), parts_of(actor, referral)
    if Part.EVIDENCE not in parts:
        return []
    entries = ReferralEntry.objects.filter(referral=referral).order_by("-happened_at", "-id")
    return [one for one in entries if not one.is_internal or one.side == side]


@query()
def chain_of(*, actor: Actor, referral: Referral) -> list[Referral]:
    """The other referrals of the same chain this reader may see, the oldest first."""
    found = visible_referrals(actor, Referral.objects.select_related("to_unit", "from_unit"))
    return list(found.filter(chain_uid=referral.chain_uid).exclude(id=referral.id).order_by("id"))


@query()
def referrals_of_case(*, actor: Actor, case_id: int) -> list[Referral]:
    """The referrals that left a case, for somebody of the sending side, newest first."""
    found = referrals_queryset(actor=actor).filter(case_id=case_id)
    return list(found.order_by("-id"))


@query()
def referrals_of_person(*, actor: Actor, resident_id: int) -> list[OwnReferral]:
    """What a person is shown of their own referrals, newest first: what was sent where, and what travelled."""
    if not (actor.is_system or (actor.resident_id is not None and actor.resident_id == resident_id)):
        raise NotPermitted
    rows = Referral.objects.filter(resident_id=resident_id, sent_at__isnull=False)
    rows = (
        rows.select_related("from_unit", "to_unit").prefetch_related("evidence").order_by("-sent_at", "-id")
    )
    return [
        OwnReferral(
            uid=row.uid,
            number=row.number,
            from_unit=row.from_unit.name,
            to_unit=row.to_unit.name,
            state=State(row.state),
            sent_at=row.sent_at,
            appointment_at=row.appointment_at,
            evidence=tuple(dict.fromkeys(Evidence(one.kind) for one in row.evidence.all())),
            without_consent=row.legal_basis != LegalBasis.CONSENT,
        )
        for row in rows
    ]


@query()
def closed_loop(
    *, actor: Actor, node_paths: Sequence[str], since: datetime, until: datetime
) -> tuple[LoopCount, ...]:
    """KPI-17 of what these nodes sent in [since, until), up, down and sideways; for whoever may see counts there."""
    allowed = [path for path in node_paths if actor.may(Permission.VIEW_COUNTS, at=path)]
    with unit_of_work(Actor.system("counts")):
        rows = Referral.objects.filter(sent_at__gte=since, sent_at__lt=until)
        fields = ("chain_uid", "direction", "sent_at", "feedback_at", "feedback_due_at", "from_path")
        found = [
            Sent(chain, Direction(direction), sent_at, feedback_at, due_at)
            for chain, direction, sent_at, feedback_at, due_at, path in rows.values_list(*fields)
            if sent_at is not None and any(path.startswith(node) for node in allowed)
        ]
    return count_chains(found)
