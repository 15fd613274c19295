"""Interviews: a member of staff asks a resident of their reach, or copies a paper, twice. And second looks.

What is asked of a person here is the same form as anywhere; added is who asked, on what ground, who answered, and
that a form for professionals is given only by somebody trained in it (roles.md 5.3).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from anxin.domains.assessments.contracts import (
    AgeNotServed,
    AlreadyBeingTaken,
    Conduct,
    ConsentBasis,
    GuardianMissing,
    InformantMissing,
    InterviewDraft,
    LookOutcome,
    NotAskedHere,
    NotTrained,
    PaperDayMissing,
    PaperDiffers,
    PaperNotChecked,
    Permission,
    RespondentWrong,
    SavedAnswer,
    SittingClosed,
    SittingIncomplete,
    SittingNotFound,
    SittingState,
    TooSoon,
)
from anxin.domains.assessments.models import Administration, SecondLook, Sitting
from anxin.domains.assessments.policies import can_administer
from anxin.domains.assessments.rules.answers import differing
from anxin.domains.assessments.selectors import may_give, repeat_of
from anxin.domains.assessments.services.sittings import check_age
from anxin.domains.assessments.services.writing import hand_in, published, way_of, write_answer
from anxin.domains.assessments.way import is_written, way_through
from anxin.domains.audit.api import command, query
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Channel, Instrument, Respondent
from anxin.domains.residents import api as residents
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted

if TYPE_CHECKING:
    from anxin.domains.residents.models import Resident

_ABOUT_SOMEBODY = (Respondent.PARENT, Respondent.TEACHER, Respondent.INFORMANT)


@command("assessments:interview:started")
def start_interview(
    *, actor: Actor, resident_uid: str, draft: InterviewDraft, follows_uid: str = ""
) -> Sitting:
    """A sitting taken by the actor: the open one of their own, or a new one.

    Raises ``NotPermitted``, ``NotFound``, ``NotTrained``, ``NotAskedHere``, ``AgeNotServed``, ``RespondentWrong``,
    ``InformantMissing``, ``GuardianMissing``, ``PaperDayMissing``, ``TooSoon``, ``AlreadyBeingTaken``.
    """
    person = residents.access_resident(actor=actor, uid=resident_uid)
    if actor.staff_id is None or not actor.may(Permission.ADMINISTER, at=person.scope_path):
        raise NotPermitted
    form = published(draft.instrument)
    _check(actor, person, form, draft)
    if not draft.order_reason.strip() and repeat_of(
        resident_id=person.id, instrument=form, respondent=draft.respondent
    ):
        raise TooSoon(field="order_reason")
    open_one = Sitting.objects.filter(
        resident=person,
        instrument=form.id,
        conduct=draft.conduct,
        respondent=draft.respondent,
        state=SittingState.DRAFT,
    ).select_related("administration", "resident")
    mine = open_one.first()
    if mine is None:
        try:
            with transaction.atomic():
                return _begin(actor, actor.staff_id, person, form, draft, follows_uid)
        except IntegrityError:
            mine = open_one.get()
    if mine.administration.staff_id != actor.staff_id:
        raise AlreadyBeingTaken
    return mine


def _check(actor: Actor, person: "Resident", form: Instrument, draft: InterviewDraft) -> None:
    if not may_give(actor=actor, instrument=form):
        raise NotTrained(field="instrument")
    is_paper = draft.conduct is Conduct.PAPER
    shown = (
        form.offered
        if is_paper
        else form.shows_in(draft.language, Channel.STAFF, drafts=instruments.drafts_allowed())
    )
    if draft.conduct is Conduct.ONLINE or not shown or is_written(form):
        raise NotAskedHere(field="instrument")
    age = residents.age_on(person.born_on, clock.today()) if person.born_on else None
    if age is not None:
        try:
            check_age(form, age)
        except AgeNotServed:
            raise AgeNotServed(
                "This form is not made for the age of this person.", field="instrument"
            ) from None
    if draft.respondent not in form.respondents:
        raise RespondentWrong(field="respondent")
    if draft.respondent in _ABOUT_SOMEBODY and not (
        draft.informant_name.strip() and draft.informant_relation
    ):
        raise InformantMissing(field="informant_name")
    if residents.needs_guardian(person.born_on, clock.today()) and draft.consent is ConsentBasis.AGREED:
        raise GuardianMissing(field="consent")
    if is_paper and (draft.paper_on is None or draft.paper_on > clock.today()):
        raise PaperDayMissing(field="paper_on")


def _begin(
    actor: Actor,
    staff_id: int,
    person: "Resident",
    form: Instrument,
    draft: InterviewDraft,
    follows_uid: str,
) -> Sitting:
    follows = follows_uid and Sitting.objects.filter(uid=follows_uid, resident=person).first()
    is_about = draft.respondent in _ABOUT_SOMEBODY
    sitting = Sitting.objects.create(
        resident=person,
        scope_path=person.scope_path,
        instrument=form.id,
        instrument_version=form.version,
        language=draft.language,
        conduct=draft.conduct,
        respondent=draft.respondent,
        follows=follows or None,
        answers=[None] * len(way_through(form).names),
        started_at=clock.now(),
    )
    Administration.objects.create(
        sitting=sitting,
        staff_id=staff_id,
        staff_name=actor.label,
        consent=draft.consent,
        informant_name=draft.informant_name.strip() if is_about else "",
        informant_relation=draft.informant_relation or "" if is_about else "",
        order_reason=draft.order_reason.strip(),
        paper_on=draft.paper_on if draft.conduct is Conduct.PAPER else None,
    )
    return sitting


@command("assessments:answer:taken-down")
def take_down_answer(
    *, actor: Actor, sitting_uid: str, item: int, value: int | None, millis: int | None = None
) -> SavedAnswer:
    """Keep what the person said. ``None``: they would not say, and the form has no code for that.

    Raises ``BadAnswer``, ``SittingClosed``.
    """
    sitting = _taken_by(actor, sitting_uid)
    if sitting.administration.checked_at is not None:
        raise SittingClosed
    return write_answer(sitting, item=item, value=value, millis=millis)


@command("assessments:paper:entered")
def mark_entered(*, actor: Actor, sitting_uid: str) -> Sitting:
    """The paper was copied once."""
    sitting = _taken_by(actor, sitting_uid)
    administration = sitting.administration
    if administration.entered_at is None:
        administration.entered_at = clock.now()
        administration.save(update_fields=["entered_at"])
    return sitting


@query()
def compare_paper(
    *, actor: Actor, sitting_uid: str, second: Mapping[int, int | None], is_settled: bool = False
) -> tuple[int, ...]:
    """Compare a second entry with the first; the places that differ and are to be taken from the second.

    Agreeing entries close the copy. Differing ones are refused (``PaperDiffers``) until whoever looks at the paper
    again says that the second is what stands there.
    """
    sitting = _taken_by(actor, sitting_uid)
    administration = sitting.administration
    if sitting.conduct != Conduct.PAPER or administration.entered_at is None:
        raise PaperNotChecked
    places = differing(sitting.answers, [second.get(place) for place in way_of(sitting).places])
    if places and not is_settled:
        raise PaperDiffers(items=places)
    return places


@command("assessments:paper:checked")
def mark_checked(*, actor: Actor, sitting_uid: str, differences: int) -> Sitting:
    """Both entries agree now."""
    sitting = _taken_by(actor, sitting_uid)
    administration = sitting.administration
    administration.checked_at, administration.checked_by_id = clock.now(), actor.staff_id
    administration.differences = differences
    administration.save(update_fields=["checked_at", "checked_by", "differences"])
    return sitting


@command("assessments:interview:submitted")
def submit_interview(*, actor: Actor, sitting_uid: str, allow_missing: bool = False) -> Sitting:
    """T1 of an interview or a copied paper. A second submit returns the first result.

    On paper the reader chose what to answer, so an answer to a question that was not theirs is scored as the form's
    own rule says. Raises ``SittingIncomplete``, ``PaperNotChecked``.
    """
    sitting = _taken_by(actor, sitting_uid)
    if sitting.state == SittingState.SUBMITTED:
        return sitting
    if sitting.state == SittingState.DISCARDED:
        raise SittingClosed
    is_paper = sitting.conduct == Conduct.PAPER
    if is_paper and sitting.administration.checked_at is None:
        raise PaperNotChecked
    way = way_of(sitting)
    missing = way.missing(sitting.answers)
    if missing and not allow_missing:
        raise SittingIncomplete(items=missing)
    person = sitting.resident
    age = residents.age_on(person.born_on, clock.today()) if person.born_on else None
    return hand_in(
        sitting,
        way,
        tuple(sitting.answers) if is_paper else way.as_asked(sitting.answers),
        age=age,
        is_ordered=bool(sitting.administration.order_reason),
    )


@command("assessments:interview:discarded")
def discard_interview(*, actor: Actor, sitting_uid: str) -> Sitting:
    """Begun by mistake. What a critical answer has set going goes on."""
    sitting = _taken_by(actor, sitting_uid)
    if sitting.state != SittingState.DRAFT:
        raise SittingClosed
    sitting.state = SittingState.DISCARDED
    sitting.save(update_fields=["state"])
    return sitting


@command("assessments:second-look:taken")
def look_again(*, actor: Actor, sitting_uid: str, outcome: LookOutcome, note: str) -> SecondLook:
    """Write down what a second look at doubtful answers found. Looking twice returns the first look."""
    sitting = (
        Sitting.objects.select_for_update(of=("self",))
        .select_related("resident")
        .filter(uid=sitting_uid, is_doubtful=True)
        .first()
    )
    if sitting is None or actor.staff_id is None or not can_administer(actor, sitting):
        raise SittingNotFound
    look, _ = SecondLook.objects.get_or_create(
        sitting=sitting,
        defaults={
            "staff_id": actor.staff_id,
            "outcome": outcome,
            "note": note.strip(),
            "looked_at": clock.now(),
        },
    )
    return look


def _taken_by(actor: Actor, uid: str) -> Sitting:
    sitting = (
        Sitting.objects.select_for_update(of=("self",))
        .select_related("resident", "administration")
        .filter(uid=uid, administration__staff_id=actor.staff_id)
        .first()
    )
    if sitting is None or actor.staff_id is None or not can_administer(actor, sitting):
        raise SittingNotFound
    return sitting
