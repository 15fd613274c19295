"""The safety plan: versions that nobody changes, written by the person or with them, agreed to by both sides."""

from django.db import IntegrityError, transaction

from anxin.domains.audit.api import command
from anxin.domains.cases.contracts import (
    AgreedHow,
    CaseEnded,
    EntryKind,
    Permission,
    PlanChanged,
    PlanContent,
    PlanEmpty,
    PlanNotFound,
    PlanPart,
    PlanSide,
)
from anxin.domains.cases.models import Case, CasePlan, CasePlanAgreement
from anxin.domains.cases.policies import is_about, may_on_case
from anxin.domains.cases.rules import plans as rules
from anxin.domains.cases.selectors.cases import find_case
from anxin.domains.cases.selectors.plans import latest_plan, own_case
from anxin.domains.cases.services.writing import write_entry
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


def _case_to_write(actor: Actor, case_uid: str) -> Case:
    """The open case, for the person it is about or for staff who may write on it."""
    case = own_case(actor) if actor.resident_id is not None else find_case(actor=actor, uid=case_uid)
    if case is None or case.uid != case_uid or (not actor.is_staff and latest_plan(case) is None):
        raise PlanNotFound
    if not (is_about(actor, case) or (actor.is_staff and may_on_case(actor, Permission.WRITE, case))):
        raise NotPermitted
    if case.closed_at is not None:
        raise CaseEnded
    return case


def _side(actor: Actor) -> PlanSide:
    return PlanSide.STAFF if actor.is_staff else PlanSide.PERSON


@transaction.atomic
@command("cases:plan:written")
def write_plan(
    *,
    actor: Actor,
    case_uid: str,
    content: PlanContent,
    base_version: int,
    person_agrees: AgreedHow | None = None,
) -> CasePlan:
    """A new version on top of ``base_version``; whoever writes it agrees to it.

    ``person_agrees``: staff note at once how the person said yes. The person may write down what they like; what staff
    write must be usable. Raises ``PlanChanged`` when the other side wrote in between, ``PlanEmpty``.
    """
    case = _case_to_write(actor, case_uid)
    words = rules.cleaned(content)
    if not (rules.is_usable(words) if actor.is_staff else any(words.values())):
        raise PlanEmpty(field=PlanPart.SIGNS.value)
    latest = latest_plan(case)
    if base_version != (latest.version if latest else 0):
        raise PlanChanged
    try:
        with transaction.atomic():
            plan = CasePlan.objects.create(
                case=case,
                version=base_version + 1,
                content=rules.dump(words),
                author_kind=actor.kind.value,
                author_uid=actor.uid,
                author_label=actor.label,
                written_at=clock.now(),
            )
    except IntegrityError as error:
        raise PlanChanged from error
    write_entry(case, EntryKind.PLAN_WRITTEN, actor=actor, version=plan.version)
    _agree(plan, _side(actor), AgreedHow.ONLINE, actor=actor)
    if actor.is_staff and person_agrees is not None:
        _agree(plan, PlanSide.PERSON, _heard(person_agrees), actor=actor)
    return plan


@transaction.atomic
@command("cases:plan:agreed")
def agree_plan(
    *, actor: Actor, case_uid: str, version: int, person_agrees: AgreedHow | None = None
) -> CasePlan:
    """Say yes to the newest version: the person in their page, staff for their own side, or for what the person said.

    Raises ``PlanChanged`` when it is not the newest any more, ``PlanEmpty`` while it helps nobody.
    """
    case = _case_to_write(actor, case_uid)
    plan = latest_plan(case)
    if plan is None or plan.version != version:
        raise PlanChanged
    if not rules.is_usable(rules.load(plan.content)):
        raise PlanEmpty(field=PlanPart.SIGNS.value)
    _agree(plan, _side(actor), AgreedHow.ONLINE, actor=actor)
    if actor.is_staff and person_agrees is not None:
        _agree(plan, PlanSide.PERSON, _heard(person_agrees), actor=actor)
    return plan


def _heard(how: AgreedHow) -> AgreedHow:
    """Staff note what they heard; that somebody pressed a button in their own page only the page can say."""
    return AgreedHow.FACE_TO_FACE if how is AgreedHow.ONLINE else how


def _agree(plan: CasePlan, side: PlanSide, how: AgreedHow, *, actor: Actor) -> None:
    if plan.agreements.filter(side=side.value).exists():
        return
    CasePlanAgreement.objects.create(
        plan=plan,
        side=side.value,
        how=how.value,
        author_uid=actor.uid,
        author_label=actor.label,
        agreed_at=clock.now(),
    )
    write_entry(
        plan.case, EntryKind.PLAN_AGREED, actor=actor, version=plan.version, side=side.value, how=how.value
    )
