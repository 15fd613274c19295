"""The course of a campaign (workflow 4.1): planned, reviewed by another, agreed to, answered, looked at, reported."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.campaigns import library
from anxin.domains.campaigns.contracts import (
    CampaignPlan,
    CampaignStage,
    CampaignState,
    Draw,
    GroupNotFound,
    GuardsOpen,
    NotDueYet,
    Owed,
    Permission,
    PlanFixed,
    StandbyUnfit,
    TriageLevel,
    Window,
)
from anxin.domains.campaigns.models import Campaign, Group, Participant, Step, Triage
from anxin.domains.campaigns.policies import is_reviewer_above
from anxin.domains.campaigns.rules.figures import owed_by_campaign
from anxin.domains.campaigns.rules.states import TRANSITIONS
from anxin.domains.campaigns.selectors.guards import find_gaps
from anxin.domains.campaigns.services.writing import (
    fingerprint,
    locked,
    next_number,
    require_reason,
    role_in,
    save,
    staff_id_of,
    state_of,
    switch_clock,
    write_entry,
)
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import InstrumentError
from anxin.domains.network import api as network
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.calendar import working_days
from anxin.kernel.errors import NotPermitted
from anxin.kernel.ids import new_uid
from anxin.kernel.working_days import add_working_time

S, P = CampaignState, Permission


@transaction.atomic
@command("campaigns:campaign:drafted")
def draft_campaign(*, actor: Actor, unit_id: int, plan: CampaignPlan) -> Campaign:
    """A draft of one's own, at a unit where one may plan."""
    owner = staff_id_of(actor)
    path = network.path_of(unit_id=unit_id)
    if not actor.may(P.PLAN, at=path):
        raise NotPermitted
    campaign = Campaign(
        number=next_number(),
        unit_id=unit_id,
        scope_path=path,
        owner_id=owner,
        created_at=clock.now(),
        **_plan_fields(plan),
    )
    campaign.save(force_insert=True)
    _write_steps(campaign, plan)
    return campaign


@transaction.atomic
@command("campaigns:campaign:planned")
def change_plan(
    *, actor: Actor, campaign_uid: str, plan: CampaignPlan, seen_version: int | None = None
) -> Campaign:
    """Write the plan anew. Raises ``PlanFixed`` for anything but a draft."""
    campaign = locked(actor, campaign_uid, P.PLAN, seen_version)
    if state_of(campaign) is not S.DRAFT:
        raise PlanFixed
    fields = _plan_fields(plan)
    for name, value in fields.items():
        setattr(campaign, name, value)
    campaign.steps.all().delete()
    _write_steps(campaign, plan)
    return save(campaign, *fields)


def _plan_fields(plan: CampaignPlan) -> dict[str, object]:
    return {
        "title": plan.title.strip(),
        "segment": plan.segment.value,
        "age_min": plan.age_min,
        "age_max": plan.age_max,
        "purpose": plan.purpose.strip(),
        "data_kinds": [kind.value for kind in plan.data_kinds],
        "recipients": [one.strip() for one in plan.recipients if one.strip()],
        "retention_months": plan.retention_months,
        "impact_assessment": plan.impact_assessment.strip(),
        "expected_participants": plan.expected_participants,
        "expected_positive_permille": plan.expected_positive_permille,
        "interviewer_minutes": plan.interviewer_minutes,
        "target_permille": plan.target_permille,
    }


def _write_steps(campaign: Campaign, plan: CampaignPlan) -> None:
    Step.objects.bulk_create(
        [
            Step(
                campaign=campaign,
                position=position,
                instrument=step.instrument,
                instrument_version=_version_of(step.instrument),
                language=step.language,
                follows=step.follows,
            )
            for position, step in enumerate(plan.steps, start=1)
        ]
    )


def _version_of(instrument: str) -> str:
    """The version in force now; the campaign keeps to it. Empty for one the library lacks: the review says so."""
    try:
        return instruments.published_version(instrument).version
    except InstrumentError:
        return ""


def _move(
    campaign: Campaign,
    target: CampaignState,
    *,
    actor: Actor,
    role: str,
    reason: str = "",
    change: Callable[[], tuple[str, ...]] = tuple,
    owed: Owed | None = None,
    draw: Draw | None = None,
) -> Campaign:
    """Take one step of the table, when nothing is missing, and write it into the history; all of it or nothing."""
    TRANSITIONS.check(state_of(campaign), target)
    before, before_hash = campaign.state, fingerprint(campaign)
    with transaction.atomic():
        changed = change()
        gaps = find_gaps(actor, campaign, target)
        if gaps:
            raise GuardsOpen(gaps)
        campaign.state = target.value
        switch_clock(campaign, owed, draw, actor=actor)
        save(campaign, "state", *changed)
        write_entry(
            campaign, actor=actor, role=role, before=before, before_hash=before_hash, reason=reason.strip()
        )
    return campaign


@transaction.atomic
@command("campaigns:campaign:sent_to_review")
def send_to_review(
    *, actor: Actor, campaign_uid: str, draw: Draw, seen_version: int | None = None
) -> Campaign:
    """draft → ethics_check. Raises ``GuardsOpen`` with everything the plan lacks."""
    campaign = locked(actor, campaign_uid, P.PLAN, seen_version)
    staff_id_of(actor)
    span = working_days(library.figures().review_working_days)
    owed = owed_by_campaign(library.figures(), CampaignStage.REVIEW, add_working_time(clock.now(), span))
    role = role_in(actor, campaign, P.PLAN)
    return _move(campaign, S.ETHICS_CHECK, actor=actor, role=role, owed=owed, draw=draw)


@transaction.atomic
@command("campaigns:campaign:approved")
def approve(
    *, actor: Actor, campaign_uid: str, reason: str = "", seen_version: int | None = None
) -> Campaign:
    """ethics_check → approved, by a reviewer who is not the owner, from a node above, when there are enough people."""
    campaign = locked(actor, campaign_uid, P.REVIEW, seen_version)
    reviewer = staff_id_of(actor)

    def sign() -> tuple[str, ...]:
        if reviewer != campaign.owner_id:
            campaign.reviewer_id = reviewer
        return ("reviewer",)

    role = role_in(actor, campaign, P.REVIEW)
    return _move(campaign, S.APPROVED, actor=actor, role=role, reason=reason, change=sign)


@transaction.atomic
@command("campaigns:campaign:given_back")
def give_back(*, actor: Actor, campaign_uid: str, reason: str, seen_version: int | None = None) -> Campaign:
    """ethics_check → draft, with the reason, by somebody who could have approved it."""
    campaign = locked(actor, campaign_uid, P.REVIEW, seen_version)
    if staff_id_of(actor) == campaign.owner_id or not is_reviewer_above(actor, campaign):
        raise NotPermitted
    role = role_in(actor, campaign, P.REVIEW)
    return _move(campaign, S.DRAFT, actor=actor, role=role, reason=require_reason(reason))


@transaction.atomic
@command("campaigns:campaign:consent_opened")
def open_consent(
    *, actor: Actor, campaign_uid: str, window: Window, seen_version: int | None = None
) -> Campaign:
    """approved → consent_open: the notice goes out, and people have at least the consent window to answer."""
    campaign = locked(actor, campaign_uid, P.PLAN, seen_version)

    def set_times() -> tuple[str, ...]:
        campaign.consent_opens_at = clock.now()
        campaign.runs_from, campaign.runs_until = window.runs_from, window.runs_until
        return ("consent_opens_at", "runs_from", "runs_until")

    role = role_in(actor, campaign, P.PLAN)
    return _move(campaign, S.CONSENT_OPEN, actor=actor, role=role, change=set_times)


@transaction.atomic
@command("campaigns:group:arranged")
def arrange_group(
    *,
    actor: Actor,
    campaign_uid: str,
    group_uid: str,
    room: str,
    planned_at: datetime | None,
    standby_staff_id: int | None,
) -> Group:
    """Where and when a class answers, and who stands by. Raises ``StandbyUnfit`` for somebody of another place."""
    campaign = locked(actor, campaign_uid, P.PLAN)
    if state_of(campaign) not in (S.DRAFT, S.ETHICS_CHECK, S.APPROVED, S.CONSENT_OPEN, S.RUNNING):
        raise PlanFixed
    group = campaign.groups.select_for_update().filter(uid=group_uid).first()
    if group is None:
        raise GroupNotFound
    if standby_staff_id is not None and not _works_near(standby_staff_id, campaign):
        raise StandbyUnfit(field="standby")
    group.room, group.planned_at, group.standby_id = room.strip(), planned_at, standby_staff_id
    group.save(update_fields=["room", "planned_at", "standby"])
    return group


def _works_near(staff_id: int, campaign: Campaign) -> bool:
    postings = network.postings_of(staff_id=staff_id, on=clock.today())
    return any(
        campaign.scope_path.startswith(one.unit.path) or one.unit.path.startswith(_above(campaign.scope_path))
        for one in postings
    )


def _above(path: str) -> str:
    """The node above: a school's standby may come from the centre of its county."""
    return path[: path.rstrip("/").rindex("/") + 1]


@transaction.atomic
@command("campaigns:campaign:started")
def start_running(*, actor: Actor, campaign_uid: str, seen_version: int | None = None) -> Campaign:
    """consent_open → running."""
    campaign = locked(actor, campaign_uid, P.PLAN, seen_version)
    return _move(campaign, S.RUNNING, actor=actor, role=role_in(actor, campaign, P.PLAN))


@transaction.atomic
@command("campaigns:campaign:closed_for_answers")
def close_answering(
    *, actor: Actor, campaign_uid: str, draw: Draw, seen_version: int | None = None
) -> Campaign:
    """running → quality_check: when the end has come, or the target is reached. By the house, or by who runs it."""
    campaign = locked(actor, campaign_uid, P.RUN, seen_version)
    figures = library.figures()
    owed = owed_by_campaign(figures, CampaignStage.TRIAGE, clock.now() + figures.triage)
    role = role_in(actor, campaign, P.RUN)
    return _move(campaign, S.QUALITY_CHECK, actor=actor, role=role, owed=owed, draw=draw)


@transaction.atomic
@command("campaigns:campaign:triaged")
def finish_triage(
    *, actor: Actor, campaign_uid: str, draw: Draw, seen_version: int | None = None
) -> Campaign:
    """quality_check → triaged, when every level from 1 up was confirmed by somebody. Level 0 is confirmed with it."""
    campaign = locked(actor, campaign_uid, P.INTERVIEW, seen_version)
    by, figures = staff_id_of(actor), library.figures()
    owed = owed_by_campaign(figures, CampaignStage.REPORT, clock.now() + figures.report)
    role = role_in(actor, campaign, P.INTERVIEW)
    moved = _move(campaign, S.TRIAGED, actor=actor, role=role, owed=owed, draw=draw)
    normal = Triage.objects.filter(
        participant__campaign=campaign, proposed=TriageLevel.NORMAL, confirmed="", settled_at__isnull=True
    )
    normal.update(
        confirmed=TriageLevel.NORMAL,
        confirmed_by_id=by,
        confirmed_at=clock.now(),
        settled_at=clock.now(),
    )
    return moved


@transaction.atomic
@command("campaigns:campaign:interviewing")
def begin_interviews(
    *, actor: Actor, campaign_uid: str, draw: Draw, seen_version: int | None = None
) -> Campaign:
    """triaged → interviewing, by one of those who talk to people. The time until the report goes on."""
    campaign = locked(actor, campaign_uid, P.INTERVIEW, seen_version)
    staff_id_of(actor)
    role = role_in(actor, campaign, P.INTERVIEW)
    triaged_at = campaign.entries.filter(after=S.TRIAGED).order_by("-id").values_list("at", flat=True).first()
    figures = library.figures()
    due_at = max((triaged_at or clock.now()) + figures.report, clock.now())
    owed = owed_by_campaign(figures, CampaignStage.REPORT, due_at)
    return _move(campaign, S.INTERVIEWING, actor=actor, role=role, owed=owed, draw=draw)


@transaction.atomic
@command("campaigns:campaign:reported")
def report(*, actor: Actor, campaign_uid: str, seen_version: int | None = None) -> Campaign:
    """interviewing → reported: no talk is owed any more, and the sums may be read by those with a right to sums."""
    campaign = locked(actor, campaign_uid, P.PLAN, seen_version)
    staff_id_of(actor)
    return _move(campaign, S.REPORTED, actor=actor, role=role_in(actor, campaign, P.PLAN))


@transaction.atomic
@command("campaigns:campaign:archived")
def archive(*, actor: Actor, campaign_uid: str, seen_version: int | None = None) -> Campaign:
    """reported → archived: everybody found has a plan and a day to look again; the day the names go is fixed."""
    campaign = locked(actor, campaign_uid, P.PLAN, seen_version)
    staff_id_of(actor)

    def fix_the_day() -> tuple[str, ...]:
        campaign.names_until = months_after(clock.today(), campaign.retention_months)
        return ("names_until",)

    return _move(campaign, S.ARCHIVED, actor=actor, role=role_in(actor, campaign, P.PLAN), change=fix_the_day)


@transaction.atomic
@command("campaigns:campaign:cancelled")
def cancel(*, actor: Actor, campaign_uid: str, reason: str, seen_version: int | None = None) -> Campaign:
    """Stop it, with the reason, by its owner's side or a reviewer. Whoever was found already stays in good hands."""
    campaign = locked(actor, campaign_uid, None, seen_version)
    staff_id_of(actor)
    if not any(actor.may(one, at=campaign.scope_path) for one in (P.PLAN, P.REVIEW)):
        raise NotPermitted
    role = role_in(actor, campaign, P.PLAN, P.REVIEW)
    return _move(campaign, S.CANCELLED, actor=actor, role=role, reason=require_reason(reason))


@transaction.atomic
@command("campaigns:campaign:names_taken_off")
def take_names_off(*, actor: Actor, campaign_uid: str) -> Campaign:
    """The retention time is over: roster and answers lose name, identity, phones, number and birthday for good.

    Whoever is still in support keeps their record until the support ends; it is asked again then.
    """
    campaign = locked(actor, campaign_uid, P.PLAN)
    until = campaign.names_until
    if state_of(campaign) is not S.ARCHIVED or until is None or clock.today() < until:
        raise NotDueYet
    people = Participant.objects.filter(campaign=campaign).exclude(
        triage__settled_at__isnull=True, triage__deadline__isnull=False
    )
    for person in people.select_for_update(of=("self",)).exclude(identity_index__startswith="-"):
        person.name = person.phone = person.guardian_phone = person.roster_number = ""
        person.identity_index, person.born_on, person.resident = f"-{new_uid()}", None, None
        person.token_version += 1
        person.save(
            update_fields=[
                *(
                    "name",
                    "phone",
                    "guardian_phone",
                    "roster_number",
                    "identity_index",
                    "born_on",
                    "resident",
                ),
                "token_version",
            ]
        )
    campaign.names_taken_off_at = clock.now()
    return save(campaign, "names_taken_off_at")


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))
