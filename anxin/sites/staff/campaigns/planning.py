"""The plan, part by part, and the sum of the capacity rule as it stands with what is typed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.forms import Form
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import (
    CampaignPlan,
    CampaignState,
    ConsentText,
    DataKind,
    Missing,
    Permission,
    Segment,
    StepPlan,
)
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Channel, Instrument, Respondent
from anxin.kernel.actor import Actor
from anxin.sites.staff.campaigns.forms import (
    BasicsForm,
    CapacityForm,
    InstrumentsForm,
    PlanPart,
    PrivacyForm,
)
from anxin.sites.staff.campaigns.presenters import GapWords, words_of
from anxin.sites.staff.fields import with_version

if TYPE_CHECKING:
    from anxin.domains.campaigns.models import Campaign
    from anxin.domains.campaigns.rules.capacity import Capacity

PARTS: dict[str, tuple[str | Promise, type[PlanPart] | None]] = {
    "basics": (_("Who and what for"), BasicsForm),
    "instruments": (_("Questionnaires"), InstrumentsForm),
    "capacity": (_("People for the talks"), CapacityForm),
    "privacy": (_("Impact assessment"), PrivacyForm),
    "check": (_("Look through and send"), None),
}
EMPTY = CampaignPlan(title="", segment=Segment.STUDENT, age_min=18, age_max=22)
LANGUAGE = "zh-Hans"
_IN_PART: dict[str, frozenset[Missing]] = {
    "basics": frozenset({Missing.TITLE, Missing.PURPOSE, Missing.AGE_RANGE, Missing.TOO_YOUNG}),
    "capacity": frozenset({Missing.CAPACITY_FIGURES, Missing.CAPACITY_SHORT}),
    "privacy": frozenset(
        {Missing.DATA_KINDS, Missing.RECIPIENTS, Missing.RETENTION, Missing.IMPACT_ASSESSMENT}
    ),
}


@dataclass(frozen=True, slots=True)
class PartLink:
    """One part of the wizard; ``open`` counts what is missing in it."""

    key: str
    label: str
    url: str
    is_current: bool
    open: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything a part of the wizard draws."""

    campaign: "Campaign"
    part: str
    parts: list[PartLink]
    form: Form | None
    can_edit: bool
    gaps: list[GapWords]
    capacity: "Capacity"
    steps: list[tuple[int, str, int]]
    plan: CampaignPlan
    texts: list[ConsentText]
    following: str


def plan_of(campaign: "Campaign") -> CampaignPlan:
    """The plan as it is kept."""
    return CampaignPlan(
        title=campaign.title,
        segment=Segment(campaign.segment),
        age_min=campaign.age_min,
        age_max=campaign.age_max,
        purpose=campaign.purpose,
        data_kinds=tuple(DataKind(one) for one in campaign.data_kinds),
        recipients=tuple(campaign.recipients),
        retention_months=campaign.retention_months,
        impact_assessment=campaign.impact_assessment,
        expected_participants=campaign.expected_participants,
        expected_positive_permille=campaign.expected_positive_permille,
        interviewer_minutes=campaign.interviewer_minutes,
        target_permille=campaign.target_permille,
        steps=tuple(
            StepPlan(one.instrument, one.language, one.follows) for one in campaign.steps.order_by("position")
        ),
    )


def plan_page(actor: Actor, uid: str, part: str, *, tried: PlanPart | None = None) -> PlanPage:
    """One part of the plan. Raises ``CampaignNotFound``."""
    campaign = campaigns.campaign_of(actor=actor, uid=uid)
    # The sums only do not open the plan.
    campaigns.groups_of(actor=actor, campaign=campaign)
    plan = plan_of(campaign)
    can_edit = campaign.state == CampaignState.DRAFT and campaigns.may_on(
        actor=actor, permission=Permission.PLAN, campaign=campaign
    )
    gaps = campaigns.gaps_before(actor=actor, campaign=campaign, target=CampaignState.ETHICS_CHECK)
    form_class = PARTS[part][1]
    form = tried
    if form is None and form_class is not None:
        form = part_form(form_class, plan, initial=form_class.initial_of(plan))
    order = list(PARTS)
    following = order[min(order.index(part) + 1, len(order) - 1)]
    return PlanPage(
        campaign=campaign,
        part=part,
        parts=[_link(campaign, key, part, [gap.what for gap in gaps]) for key in PARTS],
        form=with_version(form, campaign.row_version) if form is not None else None,
        can_edit=can_edit,
        gaps=words_of(gaps),
        capacity=capacity_of(plan),
        steps=[
            (number, title_of(step.instrument), step.follows)
            for number, step in enumerate(plan.steps, start=1)
        ],
        plan=plan,
        texts=_texts(campaign),
        following=reverse("staff:campaign-plan-part", kwargs={"uid": uid, "part": following}),
    )


def part_form(form_class: type[PlanPart], plan: CampaignPlan, *args: object, **options: object) -> PlanPart:
    """The form of a part; the one for questionnaires offers those that fit the age range."""
    if form_class is InstrumentsForm:
        options["offered"] = offered(plan)
    return form_class(*args, **options)  # type: ignore[arg-type]


def offered(plan: CampaignPlan) -> list[tuple[str, str]]:
    """Questionnaires for this age range that can be put before people, and those chosen already."""
    chosen = {step.instrument for step in plan.steps}
    fitting = [
        one
        for one in instruments.list_instruments(channel=Channel.STAFF, language=LANGUAGE)
        if one.id in chosen
        or (
            Respondent.SELF in one.respondents
            and (one.age_min or 0) <= plan.age_min
            and plan.age_max <= (one.age_max or 200)
        )
    ]
    return [(one.id, _title(one)) for one in fitting]


def title_of(instrument: str) -> str:
    """What people call it; the id of one the library lacks."""
    found = {one.id: one for one in instruments.list_instruments()}
    return _title(found[instrument]) if instrument in found else instrument


def _title(one: Instrument) -> str:
    language = get_language() or LANGUAGE
    return (one.title.get("en") if language.startswith("en") else one.title.get(LANGUAGE)) or one.title["en"]


def capacity_of(plan: CampaignPlan) -> "Capacity":
    """The sum with these figures."""
    return campaigns.capacity_of(
        expected_participants=plan.expected_participants,
        expected_positive_permille=plan.expected_positive_permille,
        interviewer_minutes=plan.interviewer_minutes,
    )


def _link(campaign: "Campaign", key: str, current: str, missing: list[Missing]) -> PartLink:
    others = frozenset.union(*_IN_PART.values())
    here = _IN_PART.get(key, frozenset())
    count = sum(1 for one in missing if (one not in others if key == "instruments" else one in here))
    return PartLink(
        key=key,
        label=str(PARTS[key][0]),
        url=reverse("staff:campaign-plan-part", kwargs={"uid": campaign.uid, "part": key}),
        is_current=key == current,
        open=0 if key == "check" else count,
    )


def _texts(campaign: "Campaign") -> list[ConsentText]:
    """What guardians and participants will read, word for word."""
    language = get_language() or LANGUAGE
    return [
        campaigns.consent_text(kind=kind, version=campaign.consent_text_version, language=language)
        for kind in (("guardian", "own") if campaign.age_min < 14 else ("own",))
    ]
