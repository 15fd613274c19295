"""What a campaign has and lacks before its next state: facts from tables and the library, judged by the pure rules."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from anxin.domains.audit.api import query
from anxin.domains.campaigns import library
from anxin.domains.campaigns.consent_texts import consent_versions
from anxin.domains.campaigns.contracts import (
    CampaignState,
    Gap,
    ParticipantState,
    TriageLevel,
    TriageStage,
)
from anxin.domains.campaigns.models import Campaign, CriticalSignal, Participant, Step, Submission, Triage
from anxin.domains.campaigns.policies import is_reviewer_above
from anxin.domains.campaigns.rules import states
from anxin.domains.campaigns.rules.capacity import Capacity
from anxin.domains.campaigns.selectors.campaigns import AGREED, capacity_of, find_campaign
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Channel, Instrument, InstrumentError, Respondent
from anxin.kernel import clock
from anxin.kernel.actor import Actor

_NO_LIMIT = 200
S = CampaignState
_LOOKED_AT = [S.RUNNING, S.QUALITY_CHECK, S.TRIAGED, S.INTERVIEWING]


def capacity_of_campaign(campaign: Campaign) -> Capacity:
    """The capacity sum of this plan."""
    return capacity_of(
        expected_participants=campaign.expected_participants,
        expected_positive_permille=campaign.expected_positive_permille,
        interviewer_minutes=campaign.interviewer_minutes,
    )


@query()
def gaps_before(*, actor: Actor, campaign: Campaign, target: CampaignState) -> tuple[Gap, ...]:
    """What is missing before ``target``, for somebody who may see the campaign. Empty: it can go on."""
    return find_gaps(actor, find_campaign(actor=actor, uid=campaign.uid), target)


def find_gaps(actor: Actor, campaign: Campaign, target: CampaignState) -> tuple[Gap, ...]:
    """The same for a campaign that was found, or locked, already."""
    figures = library.figures()
    if target is S.ETHICS_CHECK:
        return states.plan_gaps(_plan_facts(campaign), figures)
    if target is S.APPROVED:
        review = states.ReviewFacts(
            reviewer_is_owner=actor.staff_id == campaign.owner_id,
            reviewer_is_above=is_reviewer_above(actor, campaign),
        )
        capacity = capacity_of_campaign(campaign)
        return states.plan_gaps(_plan_facts(campaign), figures) + states.review_gaps(review, capacity)
    if target is S.CONSENT_OPEN:
        return states.opening_gaps(_opening_facts(campaign), figures)
    if target is S.RUNNING:
        return states.start_gaps(_start_facts(campaign), figures)
    if target is S.QUALITY_CHECK:
        return states.ending_gaps(_response_facts(campaign))
    return _gaps_of_people(campaign, target)


def _gaps_of_people(campaign: Campaign, target: CampaignState) -> tuple[Gap, ...]:
    if target is S.TRIAGED:
        return states.triage_gaps(
            states.TriageFacts(
                forms_not_looked_at=not_looked_at(campaign).count(),
                unconfirmed=_triages(campaign)
                .filter(confirmed="")
                .exclude(proposed=TriageLevel.NORMAL)
                .count(),
            )
        )
    waiting = _triages(campaign).filter(settled_at__isnull=True, deadline__isnull=False)
    if target is S.REPORTED:
        first_talk = [TriageStage.CONFIRM, TriageStage.INTERVIEW]
        return states.report_gaps(
            states.TriageFacts(
                interviews_open=waiting.filter(deadline__stage__in=first_talk).count(),
                second_readings_open=waiting.filter(deadline__stage=TriageStage.SECOND_READING).count(),
            )
        )
    if target is S.ARCHIVED:
        planned = waiting.filter(deadline__stage=TriageStage.FOLLOW_UP)
        return states.archive_gaps(states.TriageFacts(plans_missing=waiting.count() - planned.count()))
    return ()


def not_looked_at(campaign: Campaign) -> QuerySet[Participant]:
    """Participants with a form or a critical answer that no proposal has taken into account, critical ones first."""
    seen = Q(triage__isnull=False)
    newer = Submission.objects.filter(
        participant=OuterRef("pk"), received_at__gt=OuterRef("triage__triaged_at")
    )
    heard = CriticalSignal.objects.filter(
        participant=OuterRef("pk"), received_at__gt=OuterRef("triage__triaged_at")
    )
    found = Participant.objects.filter(campaign=campaign).annotate(
        has_form=Exists(Submission.objects.filter(participant=OuterRef("pk"))),
        has_signal=Exists(CriticalSignal.objects.filter(participant=OuterRef("pk"))),
        is_critical=Exists(Submission.objects.filter(participant=OuterRef("pk"), is_critical=True)),
    )
    fresh = Q(triage__confirmed="") & (Exists(newer) | Exists(heard))
    return found.filter(Q(has_form=True) | Q(has_signal=True)).filter(~seen | fresh)


def _triages(campaign: Campaign) -> QuerySet[Triage]:
    return Triage.objects.filter(participant__campaign=campaign)


def _plan_facts(campaign: Campaign) -> states.PlanFacts:
    return states.PlanFacts(
        title=campaign.title,
        purpose=campaign.purpose,
        data_kinds=campaign.data_kinds,
        recipients=campaign.recipients,
        retention_months=campaign.retention_months,
        impact_assessment=campaign.impact_assessment,
        age_min=campaign.age_min,
        age_max=campaign.age_max,
        instruments=[_instrument_facts(step) for step in campaign.steps.order_by("position")],
        capacity=capacity_of_campaign(campaign),
    )


def instrument_of(step: Step) -> Instrument | None:
    """The version a step names, if the library has it."""
    try:
        return instruments.published_version(step.instrument, step.instrument_version or None)
    except InstrumentError:
        return None


def _instrument_facts(step: Step) -> states.InstrumentFacts:
    found = instrument_of(step)
    if found is None:
        return states.InstrumentFacts(
            step.instrument, step.position, step.follows, False, False, False, False, False, False, 0, 0
        )
    return facts_of_instrument(found, position=step.position, follows=step.follows, language=step.language)


def facts_of_instrument(
    found: Instrument, *, position: int, follows: int, language: str
) -> states.InstrumentFacts:
    """What the library says of one instrument in a campaign: run by professionals, filled in by the person."""
    return states.InstrumentFacts(
        name=found.title.get("zh-Hans") or found.title.get("en") or found.id,
        position=position,
        follows=follows,
        is_known=True,
        key_verified=found.offered,
        has_wording=language in found.languages,
        channel_fits=Channel.STAFF in found.channels,
        is_self_report=Respondent.SELF in found.respondents,
        licence_shown=bool(found.licence.summary and found.licence.granted_by),
        age_min=found.age_min or 0,
        age_max=found.age_max or _NO_LIMIT,
    )


def _opening_facts(campaign: Campaign) -> states.OpeningFacts:
    return states.OpeningFacts(
        now=clock.now(),
        consent_text_known=campaign.consent_text_version in consent_versions(),
        runs_from=campaign.runs_from,
        runs_until=campaign.runs_until,
    )


def _start_facts(campaign: Campaign) -> states.StartFacts:
    people = Participant.objects.filter(campaign=campaign)
    return states.StartFacts(
        now=clock.now(),
        consent_opens_at=campaign.consent_opens_at,
        runs_from=campaign.runs_from,
        runs_until=campaign.runs_until,
        listed=people.count(),
        agreed=people.filter(AGREED).count(),
        groups=[
            states.GroupFacts(
                name=f"{one.grade} {one.name}".strip(),
                has_place=bool(one.room and one.planned_at),
                has_standby=one.standby_id is not None,
            )
            for one in campaign.groups.order_by("grade", "name", "id")
        ],
    )


def _response_facts(campaign: Campaign) -> states.ResponseFacts:
    people = Participant.objects.filter(AGREED, campaign=campaign).exclude(state=ParticipantState.EXCUSED)
    return states.ResponseFacts(
        now=clock.now(),
        runs_until=campaign.runs_until,
        agreed=people.count(),
        submitted=people.filter(state=ParticipantState.SUBMITTED).count(),
        target_permille=campaign.target_permille,
    )


@query()
def campaigns_to_look_at(*, actor: Actor) -> list[tuple[str, bool]]:
    """Campaigns (uid) with people no rule has looked at yet, for the house; and whether only at critical ones for now.

    Everybody is looked at once answering has ended; who gave a critical answer waits for no end.
    """
    if not actor.is_system:
        return []
    found = []
    for campaign in Campaign.objects.filter(state__in=_LOOKED_AT).order_by("id"):
        only_critical = campaign.state != S.QUALITY_CHECK
        waiting = not_looked_at(campaign)
        if only_critical:
            waiting = waiting.filter(Q(is_critical=True) | Q(has_signal=True))
        if waiting.exists():
            found.append((campaign.uid, only_critical))
    return found
