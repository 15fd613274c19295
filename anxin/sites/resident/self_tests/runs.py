"""One run through a questionnaire, whoever gives it: a draft in the archive, or answers on the device.

The views do not ask which; only the places where the two differ by promise are here. Signed in, every answer is
kept and a critical one is told to the duty team at once. Anonymous, nothing is kept anywhere but on the device.
"""

from dataclasses import dataclass, replace

from django.http import HttpResponse

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import SittingState
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


@dataclass(frozen=True, slots=True)
class Run:
    """Where somebody stands in a questionnaire. ``sitting_uid`` is empty for an anonymous run."""

    instrument: Instrument
    answers: tuple[int | None, ...]
    sitting_uid: str = ""
    anonymous: device.AnonymousRun | None = None

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
        """The questions without an answer."""
        return tuple(number for number, value in enumerate(self.answers, start=1) if value is None)

    @property
    def is_critical(self) -> bool:
        """Whether the answers so far ask for help first."""
        return bool(instruments.critical_answers(self.instrument, _codes(self.answers)))


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
        draft = drafts.first()
        # Whoever takes the agreement back is asked again before another answer is kept.
        if draft is None or not residents.has_consent(
            resident_id=actor.resident_id, purpose=Purpose.SELF_TEST_NAMED, actor=actor
        ):
            return None
    pinned = _pinned(draft.instrument, draft.instrument_version)
    return pinned and Run(pinned, tuple(draft.answers), sitting_uid=draft.uid)


def finished_on(kept: device.AnonymousRun | None) -> Run | None:
    """The finished run on the device, if there is one."""
    return _on_device(kept) if kept and kept.is_finished and offer_of(kept.instrument) else None


def published(slug: str) -> Instrument:
    """The questionnaire as it is offered today."""
    return instruments.published_version(slug)


def begin_anonymous(slug: str) -> Run:
    """A fresh run that will live on the device."""
    instrument = published(slug)
    kept = device.AnonymousRun(
        instrument=slug,
        version=instrument.version,
        answers=(None,) * len(instrument.items),
        started_on=clock.today(),
    )
    return Run(instrument, kept.answers, anonymous=kept)


def begin_named(request: VisitRequest, slug: str, *, age: int | None, scope_path: str) -> Run:
    """The open draft of the signed-in person, or a new one. Raises ``AgeNotServed``."""
    with unit_of_work(request.actor):
        draft = assessments.start_sitting(
            actor=request.actor, instrument=slug, language=language(), age=age, scope_path=scope_path
        )
    return Run(published(slug), tuple(draft.answers), sitting_uid=draft.uid)


def save(request: VisitRequest, run: Run, *, item: int, value: int | None) -> tuple[Run, bool]:
    """The run with one more answer, and whether that answer asks for help now. ``None`` leaves a question open."""
    answers = (*run.answers[: item - 1], value, *run.answers[item:])
    if run.anonymous is not None:
        newly = _fired(run.instrument, answers) - _fired(run.instrument, run.answers)
        return replace(run, answers=answers, anonymous=run.anonymous.with_answer(item, value)), bool(newly)
    if value is None:
        return run, False
    result = save_answer.save(
        actor=request.actor,
        sitting_uid=run.sitting_uid,
        item=item,
        value=value,
    )
    return replace(run, answers=answers), bool(result.saved.critical)


def finish(request: VisitRequest, run: Run) -> Run:
    """Hand it in as it is. Questions left open leave the result open; they never count as nought."""
    if run.anonymous is None:
        submit_questionnaire.submit(
            actor=request.actor,
            sitting_uid=run.sitting_uid,
            allow_missing=True,
        )
        return run
    # Counted by nobody in particular, even when somebody is signed in: the count must not say who.
    nobody = Actor.anonymous()
    with unit_of_work(nobody):
        assessments.count_anonymous(actor=nobody, instrument=run.instrument.id)
    return replace(run, anonymous=replace(run.anonymous, is_finished=True))


def keep(response: HttpResponse, run: Run) -> HttpResponse:
    """Give an anonymous run back to its device; a named one is in the archive already."""
    if run.anonymous is not None:
        device.keep_run(response, run.anonymous)
    return response


def _on_device(kept: device.AnonymousRun) -> Run | None:
    pinned = _pinned(kept.instrument, kept.version)
    if pinned is None or len(kept.answers) != len(pinned.items):
        return None
    return Run(pinned, kept.answers, anonymous=kept)


def _pinned(slug: str, version: str) -> Instrument | None:
    try:
        return instruments.published_version(slug, version)
    except InstrumentError:
        return None


def _codes(answers: tuple[int | None, ...]) -> dict[str, int | None]:
    return {str(number): value for number, value in enumerate(answers, start=1)}


def _fired(instrument: Instrument, answers: tuple[int | None, ...]) -> set[str]:
    return {hit.rule for hit in instruments.critical_answers(instrument, _codes(answers))}
