"""What a campaign's participants handed in becomes sittings, score sheets and, where the rules ask for it, warnings.

Critical answers first, one by one: each is an alarm. Everything else by the set, for a city hands in at once; a set
with a fault in it is taken apart, so that one form holds up no other. Exactly once: a submission's adoption is a unique
row in the transaction that makes the sitting, and the sitting has the submission's uid. What fails is found again by
the sweep, for as long as it takes.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError

from anxin.domains.assessments import api as assessments
from anxin.domains.campaigns import api as campaigns
from anxin.domains.instruments import api as instruments
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Participant as Person
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Facts, Level, Reason, Source
from anxin.flows.evaluate_sitting import evaluate_sitting, facts_of
from anxin.flows.raise_warning import Alert, raise_from
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.assessments.models import Sitting
    from anxin.domains.campaigns.models import CriticalSignal, Participant, Submission
    from anxin.domains.residents.models import Resident

log = logging.getLogger(__name__)
SYSTEM = Actor.system("campaigns")
SET_SIZE = 100
CRITICAL_AT_ONCE = 20
LATE_AFTER = timedelta(minutes=15)
LATE = Reason(code="campaign-late", message="Answered without a connection; it came in late.")


class Adopter:
    """It remembers how far it has looked, so that millions of old rows cost nothing.

    The worker has two, each in a thread of its own: one for what is critical, one for the sets. Neither waits for the
    other, and no form is for both.
    """

    def __init__(self) -> None:
        self._looked_to = self._settled = self._last_sweep = 0
        self._failed_forms: set[int] = set()
        self._failed_signals: set[int] = set()

    def step(self) -> bool:
        """One round of everything; whether there may be more to do at once."""
        return self.step_critical() or self.step_set()

    def step_critical(self) -> bool:
        """Signals and critical forms; whether there may be more."""
        return bool(self._signals() + self._critical_forms())

    def step_set(self) -> bool:
        """The next set of the others; whether there may be more."""
        with unit_of_work(SYSTEM):
            waiting = campaigns.waiting_forms(actor=SYSTEM, after=self._looked_to, limit=SET_SIZE)
        self._failed_forms |= adopt_set(waiting.forms)
        self._looked_to = waiting.looked_to
        return bool(waiting.forms) or not waiting.is_end

    def look_again(self) -> None:
        """Try what failed, and look for forms whose number is lower than one that was committed before them.

        No transaction that keeps forms lives as long as from one such look to the next.
        """
        self._settled = min([self._last_sweep, *(one - 1 for one in self._failed_forms)])
        self._last_sweep, self._looked_to = self._looked_to, self._settled
        self._failed_forms.clear()
        self._failed_signals.clear()

    def _signals(self) -> int:
        """A critical answer given just now: call somebody, form or no form. How many were heard."""
        with unit_of_work(SYSTEM):
            waiting = campaigns.waiting_signals(
                actor=SYSTEM, skip=self._failed_signals, limit=CRITICAL_AT_ONCE
            )
        failed = {
            signal.id
            for signal in waiting
            if not _attempt(f"signal {signal.id}", partial(_answer_signal, signal))
        }
        self._failed_signals |= failed
        return len(waiting) - len(failed)

    def _critical_forms(self) -> int:
        """Finished forms with a critical answer, each kept and evaluated by itself. How many were."""
        with unit_of_work(SYSTEM):
            waiting = campaigns.waiting_critical_forms(
                actor=SYSTEM, skip=self._failed_forms, limit=CRITICAL_AT_ONCE
            )
        failed = {form.id for form in waiting if adopt_set([form])}
        self._failed_forms |= failed
        return len(waiting) - len(failed)


def adopt_set(forms: "Sequence[Submission]") -> set[int]:
    """Keep a set in one transaction; a set that fails is kept form by form. The ids of those that failed."""
    if not forms:
        return set()
    try:
        asking = _keep(forms)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        if len(forms) == 1:
            log.exception("submission %s could not be adopted; the sweep tries again", forms[0].id)
            return {forms[0].id}
        log.warning("a set of %s submissions failed; taking it apart", len(forms), exc_info=True)
        return {failed for form in forms for failed in adopt_set([form])}
    for sitting_uid in asking:
        _attempt(f"sitting {sitting_uid}", partial(evaluate_sitting, sitting_uid=sitting_uid))
    return set()


def _attempt(what: str, work: Callable[[], object]) -> bool:
    try:
        work()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("%s failed; it is tried again", what)
        return False
    return True


def _keep(forms: "Sequence[Submission]") -> list[str]:
    """T1 for a set, and T2 for all that ask for nothing; the sittings that ask for a warning, by uid."""
    with unit_of_work(SYSTEM):
        archives = _archives([form.participant for form in forms])
        sittings = assessments.keep_sittings(
            actor=SYSTEM, forms=[_finished(form, archives[form.participant_id]) for form in forms]
        )
        campaigns.mark_adopted(
            actor=SYSTEM,
            sittings={form.id: sitting.id for form, sitting in zip(forms, sittings, strict=True)},
            participant_ids=[form.participant_id for form in forms],
        )
        return _evaluate_quiet(sittings)


def _evaluate_quiet(sittings: "Sequence[Sitting]") -> list[str]:
    passes: list[risk.Pass] = []
    asking: list[str] = []
    for sitting, facts in zip(sittings, facts_of(sittings), strict=True):
        decision = risk.evaluate(facts)
        if decision.level >= Level.L1:
            asking.append(sitting.uid)
        else:
            passes.append(risk.Pass(sitting.id, sitting.scope_path, "submitted", decision))
    risk.record_evaluations(actor=SYSTEM, passes=passes)
    assessments.mark_set_evaluated(actor=SYSTEM, sitting_ids=[one.sitting_id for one in passes])
    return asking


def _archives(participants: "Sequence[Participant]") -> "dict[int, Resident]":
    """The archive of each participant, made when there was none."""
    people = [
        Person(
            identity_index=one.identity_index,
            name=one.name,
            phone=one.phone,
            born_on=one.born_on,
            sex=one.sex,
            home_unit_id=one.campaign.unit_id,
            scope_path=one.scope_path,
        )
        for one in participants
    ]
    archives = residents.register_participants(actor=SYSTEM, people=people)
    found = {one.id: archive for one, archive in zip(participants, archives, strict=True)}
    campaigns.link_residents(
        actor=SYSTEM, residents={participant_id: archive.id for participant_id, archive in found.items()}
    )
    return found


def _finished(form: "Submission", person: "Resident") -> assessments.FinishedForm:
    return assessments.FinishedForm(
        uid=str(form.uid),
        resident_id=person.id,
        scope_path=form.scope_path,
        instrument=form.instrument,
        instrument_version=form.instrument_version,
        language=form.language,
        answers=tuple(form.answers),
        answered_at=form.answered_at,
        submitted_at=form.received_at,
        age=residents.age_on(person.born_on, form.answered_at.date()) if person.born_on else None,
        sex=person.sex,
        seconds=tuple(one / 10 for one in form.deciseconds),
    )


def _answer_signal(signal: "CriticalSignal") -> None:
    """The warning for one critical answer. The form that follows has the same source, so it is no second alarm."""
    participant = signal.participant
    with unit_of_work(SYSTEM):
        person = _archives([participant])[participant.id]
        step = campaigns.step_of(actor=SYSTEM, campaign_id=participant.campaign_id, position=signal.step)
        table = instruments.scoring_table(
            instruments.published_version(step.instrument, step.instrument_version)
        )
        facts = Facts(
            instrument=step.instrument,
            scores={"total": None},
            critical=table.alarms(signal.item, signal.code),
            is_complete=False,
        )
        decision = risk.evaluate(facts)
        reasons = risk.reasons_of(decision)
        if signal.is_late or signal.received_at - signal.answered_at > LATE_AFTER:
            reasons += ({"code": LATE.code, "message": LATE.message, "params": {}},)
        form_uid = campaigns.submission_uid(participant.uid, signal.step)
        if decision.level >= Level.L1:
            alert = Alert(
                source=Source.CAMPAIGN,
                source_key=f"{form_uid}:answer:{signal.item}:{signal.code}",
                level=decision.level,
                reasons=reasons,
                unit_id=person.home_unit_id,
                scope_path=person.scope_path,
                resident_id=person.id,
                sex=person.sex,
                age=residents.age_on(person.born_on, signal.answered_at.date()) if person.born_on else None,
            )
            raise_from(actor=SYSTEM, alert=alert)
        campaigns.mark_signal_adopted(actor=SYSTEM, signal=signal)
