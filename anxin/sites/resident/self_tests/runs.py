"""One run through a questionnaire, whoever gives it: a draft in the archive, or answers on the device.

The views do not ask which; only the places where the two differ by promise are here. Signed in, every answer is
kept and a critical one is told to the duty team at once. Anonymous, nothing is kept anywhere but on the device.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.http import HttpResponse

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import PartState, SittingState
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Instrument, InstrumentError
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Purpose
from anxin.flows import save_answer, submit_questionnaire
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest
from anxin.sites.resident import device
from anxin.sites.resident.self_tests.offer import Offer, language, offer_of

if TYPE_CHECKING:
    from anxin.domains.assessments.models import BatteryRun, Sitting


@dataclass(frozen=True, slots=True)
class Run:
    """Where somebody stands in a questionnaire. ``sitting_uid`` is empty for an anonymous run.

    ``sex``: as the archive knows it; some forms do not ask everything of everybody.
    """

    instrument: Instrument
    answers: tuple[int | None, ...]
    sitting_uid: str = ""
    anonymous: device.AnonymousRun | None = None
    sex: str = ""
    place_in_battery: tuple[int, int] | None = None

    @property
    def way(self) -> assessments.Way:
        """The way through the form."""
        return assessments.way_through(self.instrument, sex=self.sex)

    @property
    def offer(self) -> Offer:
        """How the questionnaire is called here."""
        found = offer_of(self.instrument.id)
        if found is None:
            raise LookupError(self.instrument.id)
        return found

    @property
    def is_named(self) -> bool:
        """Whether the archive keeps it."""
        return bool(self.sitting_uid)

    @property
    def missing(self) -> tuple[int, ...]:
        """The questions that are put to this person and have no answer."""
        return self.way.missing(self.answers)

    @property
    def counting(self) -> tuple[int | None, ...]:
        """The answers that count: without what a later change of mind ruled out."""
        return self.way.as_asked(self.answers)

    @property
    def is_critical(self) -> bool:
        """Whether the answers so far ask for help first."""
        return bool(self.way.critical(self.answers))


def current(request: VisitRequest, slug: str) -> Run | None:
    """The open run of ``slug``: the one on this device, else the signed-in person's draft."""
    kept = device.run_on(request)
    if kept and kept.instrument == slug and not kept.is_finished:
        return _on_device(kept)
    actor = request.actor
    if actor.resident_id is None:
        return None
    with unit_of_work(actor):
        drafts = assessments.own_sittings(actor=actor).filter(state=SittingState.DRAFT, instrument=slug)
        draft = drafts.select_related("score_sheet", "resident", "battery_run").first()
        # Whoever takes the agreement back is asked again before another answer is kept.
        if draft is None or not residents.has_consent(
            resident_id=actor.resident_id, purpose=Purpose.SELF_TEST_NAMED, actor=actor
        ):
            return None
        place = battery_place(request, draft)
    pinned = _pinned(draft.instrument, draft.instrument_version)
    if pinned is None:
        return None
    return Run(
        pinned,
        tuple(draft.answers),
        sitting_uid=draft.uid,
        sex=draft.resident.sex,
        place_in_battery=place,
    )


def battery_place(request: VisitRequest, sitting: "Sitting") -> tuple[int, int] | None:
    """Which part of how many this is; None outside a battery. Call inside the unit of work of the request's actor."""
    run = sitting.battery_run
    if run is None or sitting.battery_part is None:
        return None
    parts = assessments.own_parts(actor=request.actor, run=run)
    real = [part.number for part in parts if part.state != PartState.NOT_NEEDED]
    return (real.index(sitting.battery_part) + 1, len(real)) if sitting.battery_part in real else None


def finished_on(kept: device.AnonymousRun | None) -> Run | None:
    """The finished run on the device, if there is one."""
    return _on_device(kept) if kept and kept.is_finished and offer_of(kept.instrument) else None


def published(slug: str) -> Instrument:
    """The questionnaire as it is offered today; which version that is, the database knows."""
    with unit_of_work(Actor.anonymous()):
        return instruments.published_version(slug)


def begin_anonymous(slug: str, *, battery: str = "", part: int = 0) -> Run:
    """A fresh run that will live on the device."""
    instrument = published(slug)
    kept = device.AnonymousRun(
        instrument=slug,
        version=instrument.version,
        answers=(None,) * len(assessments.way_through(instrument).names),
        started_on=clock.today(),
        battery=battery,
        part=part,
    )
    return Run(instrument, kept.answers, anonymous=kept)


def begin_named(
    request: VisitRequest,
    slug: str,
    *,
    age: int | None,
    scope_path: str,
    follows_uid: str = "",
    battery_run: "BatteryRun | None" = None,
    part: int | None = None,
) -> Run:
    """The open draft of the signed-in person, or a new one. Raises ``AgeNotServed``."""
    with unit_of_work(request.actor):
        draft = assessments.start_sitting(
            actor=request.actor,
            instrument=slug,
            language=language(),
            age=age,
            scope_path=scope_path,
            follows_uid=follows_uid,
            run=battery_run,
            part=part,
        )
        sex = draft.resident.sex
        pinned = instruments.published_version(slug, draft.instrument_version)
    return Run(pinned, tuple(draft.answers), sitting_uid=draft.uid, sex=sex)


def save(
    request: VisitRequest, run: Run, *, item: int, value: int | None, millis: int | None = None
) -> tuple[Run, bool]:
    """The run with one more answer, and whether that answer asks for help now. ``None`` leaves a question open.

    ``millis``: how long the answer took. Nothing of that is kept of somebody unknown.
    """
    answers = (*run.answers[: item - 1], value, *run.answers[item:])
    if run.anonymous is not None:
        newly = _fired(run, answers) - _fired(run, run.answers)
        return replace(run, answers=answers, anonymous=run.anonymous.with_answer(item, value)), bool(newly)
    if value is None:
        return run, False
    result = save_answer.save(
        actor=request.actor,
        sitting_uid=run.sitting_uid,
        item=item,
        value=value,
        millis=millis,
        under=Purpose.SELF_TEST_NAMED,
    )
    return replace(run, answers=answers), bool(result.saved.critical)


def finish(request: VisitRequest, run: Run) -> Run:
    """Hand it in as it is. Questions left open leave the result open; they never count as nought."""
    if run.anonymous is None:
        submit_questionnaire.submit(
            actor=request.actor,
            sitting_uid=run.sitting_uid,
            allow_missing=True,
            under=Purpose.SELF_TEST_NAMED,
        )
        return run
    # Counted by nobody in particular, even when somebody is signed in: the count must not say who.
    nobody = Actor.anonymous()
    with unit_of_work(nobody):
        assessments.count_anonymous(actor=nobody, instrument=run.instrument.id)
    # What was ruled out on the way goes with the run: the result is worked out from the answers that count.
    counting = run.counting
    return replace(
        run, answers=counting, anonymous=replace(run.anonymous, answers=counting, is_finished=True)
    )


def keep(response: HttpResponse, run: Run) -> HttpResponse:
    """Give an anonymous run back to its device; a named one is in the archive already."""
    if run.anonymous is not None:
        device.keep_run(response, run.anonymous)
    return response


def _on_device(kept: device.AnonymousRun) -> Run | None:
    pinned = _pinned(kept.instrument, kept.version)
    if pinned is None or len(kept.answers) != len(assessments.way_through(pinned).names):
        return None
    return Run(pinned, kept.answers, anonymous=kept)


def _pinned(slug: str, version: str) -> Instrument | None:
    try:
        return instruments.published_version(slug, version)
    except InstrumentError:
        return None


def _fired(run: Run, answers: tuple[int | None, ...]) -> set[str]:
    return {hit.rule for hit in run.way.critical(answers)}
