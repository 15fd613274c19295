"""One warning for one reader: what everybody who may see it sees, and the content only for those who may read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import SittingNotFound
from anxin.domains.conversations import api as conversations
from anxin.domains.conversations.contracts import Side
from anxin.domains.network.contracts import RouteReason
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import (
    ContactChannel,
    Ending,
    Level,
    Permission,
    Source,
    Stage,
    WarningState,
)
from anxin.flows.staff_side import is_competent_for_high
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.bands import BANDS
from anxin.sites.staff.duty.presenters import needs_signing, person_of, progress_of, reasons_of
from anxin.sites.staff.fields import sent_or_new, unsent_words, with_version
from anxin.sites.staff.people import Person, person_behind
from anxin.sites.staff.standing import Clock, clock_of
from anxin.sites.staff.timeline import Day
from anxin.sites.staff.warnings.forms import AssessmentForm, ContactForm, EndingForm, MergeForm, SignatureForm
from anxin.sites.staff.warnings.timeline import timeline
from anxin.sites.staff.words import ENDINGS, FINDING_VALUES, FINDINGS, SOURCES, STAGES

if TYPE_CHECKING:
    from anxin.domains.risk.models import Warning

_ASSESSABLE = frozenset(WarningState) - {WarningState.NEW, WarningState.CLOSED}


@dataclass(frozen=True, slots=True)
class Assessment:
    """The latest assessment in words."""

    level: int
    at: datetime
    by: str
    summary: str
    findings: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Content:
    """What is behind the right to read."""

    reasons: list[str]
    bands: list[str]
    person: Person
    days: list[Day]
    attempts: int
    attempts_left: Any
    assessment: Assessment | None
    has_chat: bool = False
    report_url: str = ""
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Steps:
    """What this person may do now. A step that is absent is ``None``; ``open`` is the one unfolded."""

    may_take_over: bool = False
    may_join: bool = False
    contact: ContactForm | None = None
    assessment: AssessmentForm | None = None
    ending: EndingForm | None = None
    signature: SignatureForm | None = None
    merge: MergeForm | None = None
    not_competent: bool = False
    waits_for_other: bool = False
    open: str = ""

    @property
    def next_words(self) -> str:
        """The step that is unfolded, when it can be taken."""
        if self.open == "sign" and self.signature:
            return _("Sign")
        if self.open == "contact" and self.contact:
            return _("Log contact")
        if self.open == "assessment" and self.assessment:
            return _("Assess")
        return _("Decide") if self.open == "ending" and self.ending else ""

    @property
    def any(self) -> bool:
        """Whether there is anything to do at all."""
        return bool(
            self.may_take_over
            or self.may_join
            or self.contact
            or self.assessment
            or self.ending
            or self.signature
        )


@dataclass(frozen=True, slots=True)
class WarningPage:
    """Everything the page draws."""

    uid: str
    number: str
    level: int
    proposed_level: int
    person_words: str
    source: str
    progress: str
    raised_at: datetime
    unit: str
    is_closed: bool
    is_signing: bool
    proposed_ending: str
    proposed_by: str
    signed_by: str
    holder: str
    route_words: str
    stage: str
    clock: Clock | None
    content: Content | None
    steps: Steps
    merged_into: str
    merged_url: str
    conflict: str = ""
    unsent: tuple[str, ...] = ()


def warning_page(
    actor: Actor,
    uid: str,
    *,
    tried: dict[str, Form] | None = None,
    conflict: str = "",
    is_revealed: bool = False,
) -> WarningPage:
    """The page. Raises ``WarningNotFound``; a look at the content is recorded by the room."""
    brief = risk.warning_brief(actor=actor, uid=uid)
    may_read = risk.may_on_warning(actor, Permission.READ, brief)
    warning = risk.access_warning(actor=actor, uid=uid) if may_read else _without_content(actor, uid)
    state = WarningState(warning.state)
    is_waiting = state is WarningState.NEW or needs_signing(warning)
    shown = clock_of(warning.deadline, clock.now(), is_waiting=is_waiting) if warning.deadline else None
    steps = _steps(actor, warning, tried or {})
    return WarningPage(
        uid=warning.uid,
        number=warning.number,
        level=warning.level,
        proposed_level=warning.proposed_level,
        person_words=person_of(warning),
        source=str(SOURCES[Source(warning.source)]),
        progress=progress_of(warning),
        raised_at=warning.raised_at,
        unit=warning.unit.name,
        is_closed=state is WarningState.CLOSED,
        is_signing=needs_signing(warning),
        proposed_ending=str(ENDINGS[Ending(warning.proposed_ending)]) if warning.proposed_ending else "",
        proposed_by=warning.proposed_by.name if warning.proposed_by else "",
        signed_by=warning.signed_by.name if warning.signed_by else "",
        holder=warning.holder.staff.name if warning.holder else "",
        route_words=_route_words(warning.route_reason),
        stage=str(STAGES[Stage(warning.deadline.stage)]) if warning.deadline else "",
        clock=shown,
        content=_content(actor, warning, is_revealed=is_revealed) if may_read else None,
        steps=steps,
        merged_into=warning.merged_into.number if warning.merged_into else "",
        merged_url=reverse("staff:warning", kwargs={"uid": warning.merged_into.uid})
        if warning.merged_into
        else "",
        conflict=conflict,
        unsent=unsent_words(
            tried or {}, (steps.contact, steps.assessment, steps.ending, steps.signature, steps.merge)
        ),
    )


def twin_choices(actor: Actor, warning: "Warning") -> list[tuple[str, str]]:
    """Other open warnings about the same person, to merge into."""
    return [
        (twin.uid, f"{twin.number} L{twin.level}") for twin in risk.twins_of(actor=actor, warning=warning)
    ]


def _without_content(actor: Actor, uid: str) -> "Warning":
    return risk.warnings_queryset(actor=actor).select_related("proposed_by", "signed_by").get(uid=uid)


def _route_words(reason: str) -> str:
    try:
        return _(RouteReason(reason).text)
    except ValueError:
        return ""


def _content(actor: Actor, warning: "Warning", *, is_revealed: bool) -> Content:
    attempts = list(warning.attempts.all())
    thread_id = warning.contact_request.thread_id if warning.contact_request else None
    return Content(
        reasons=reasons_of(warning),
        bands=(bands := _bands(actor, warning)),
        report_url=reverse("staff:result", args=[warning.evaluation.sitting.uid])
        if bands and warning.evaluation
        else "",
        person=person_behind(
            actor,
            warning,
            is_revealed=is_revealed,
            rings_now=warning.state != WarningState.CLOSED
            and risk.may_on_warning(actor, Permission.ACT, warning),
        ),
        days=timeline(warning.entries.all()),
        attempts=len(attempts),
        attempts_left=risk.attempts_left(
            level=Level(warning.level), channels=[ContactChannel(one.channel) for one in attempts]
        ),
        assessment=_latest_assessment(warning),
        has_chat=thread_id is not None,
        unread=conversations.unread_count(actor=actor, thread_id=thread_id, side=Side.STAFF)
        if thread_id
        else 0,
    )


def _bands(actor: Actor, warning: "Warning") -> list[str]:
    """In which band the self-test lies; never the answers. Empty for who may not see results, and for drafts."""
    if warning.evaluation is None:
        return []
    try:
        sitting = assessments.access_sitting(actor=actor, uid=warning.evaluation.sitting.uid)
    except SittingNotFound:
        return []
    if not hasattr(sitting, "score_sheet"):
        return []
    return [
        _("%(instrument)s: %(band)s")
        % {"instrument": sitting.instrument.upper(), "band": BANDS.get(band["label"], band["label"])}
        for band in sitting.score_sheet.bands
    ]


def _latest_assessment(warning: "Warning") -> Assessment | None:
    latest = max(warning.assessments.all(), key=lambda one: one.assessed_at, default=None)
    if latest is None:
        return None
    findings = [
        (str(label), str(FINDING_VALUES.get(latest.findings.get(name, "unknown"), "")))
        for name, label in FINDINGS.items()
    ]
    return Assessment(latest.level, latest.assessed_at, latest.by.name, latest.summary, findings)


def _steps(actor: Actor, warning: "Warning", tried: dict[str, Form]) -> Steps:
    state = WarningState(warning.state)
    if state is WarningState.CLOSED:
        return Steps()

    def may(permission: Permission) -> bool:
        return risk.may_on_warning(actor, permission, warning)

    is_mine = warning.holder_id in actor.posting_ids
    signing = needs_signing(warning)
    is_high = risk.needs_signature(Level(warning.level))
    not_competent = is_high and not is_competent_for_high(actor)
    may_act = may(Permission.ACT) and state is not WarningState.NEW
    may_assess = may(Permission.ASSESS) and state in _ASSESSABLE and not not_competent
    may_sign = signing and may(Permission.SIGN) and actor.staff_id != warning.proposed_by_id
    endings = () if signing else risk.endings_from(state)
    twins = twin_choices(actor, warning) if may(Permission.ACT) else []
    return Steps(
        may_take_over=may(Permission.ACT) and state is WarningState.NEW,
        may_join=may_act and not is_mine,
        contact=sent_or_new(tried, "contact", ContactForm) if may_act else None,
        assessment=sent_or_new(tried, "assessment", AssessmentForm) if may_assess else None,
        ending=sent_or_new(tried, "ending", EndingForm).offer(endings) if may_act and endings else None,
        signature=with_version(sent_or_new(tried, "sign", SignatureForm), warning.row_version)
        if may_sign and not not_competent
        else None,
        merge=sent_or_new(tried, "merge", MergeForm, twins=twins) if twins else None,
        not_competent=not_competent and (may(Permission.ASSESS) or may_sign),
        waits_for_other=signing and not may_sign,
        open=next(iter(tried), _open_step(state, signing=signing)),
    )


def _open_step(state: WarningState, *, signing: bool) -> str:
    if signing:
        return "sign"
    return {
        WarningState.ACKNOWLEDGED: "contact",
        WarningState.CONTACTED: "assessment",
        WarningState.ASSESSED: "ending",
        WarningState.WATCH: "ending",
    }.get(state, "")
