"""What came in and waits to become a sitting or a warning. For the house only."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, QuerySet

from anxin.domains.audit.api import query
from anxin.domains.campaigns.models import CriticalSignal, Step, Submission, SubmissionAdoption
from anxin.kernel.actor import Actor

WINDOW = 100_000
_ADOPTED = SubmissionAdoption.objects.filter(submission_id=OuterRef("id"))


@dataclass(frozen=True, slots=True)
class WaitingForms:
    """Forms without a sitting, oldest first. Everything up to ``looked_to`` was looked at; ``is_end``: all there is."""

    forms: list[Submission]
    looked_to: int
    is_end: bool


def _waiting() -> QuerySet[Submission]:
    return Submission.objects.filter(~Exists(_ADOPTED)).select_related("participant__campaign").order_by("id")


@query()
def waiting_forms(*, actor: Actor, after: int, limit: int) -> WaitingForms:
    """Up to ``limit`` forms with an id above ``after`` and no critical answer.

    Millions were adopted long ago, so one call looks at a window of ids and not at all of them.
    """
    if not actor.is_system:
        return WaitingForms([], after, True)
    newest: int = Submission.objects.aggregate(newest=Max("id"))["newest"] or 0
    window = min(after + WINDOW, newest)
    forms = (
        list(_waiting().filter(is_critical=False, id__gt=after, id__lte=window)[:limit])
        if window > after
        else []
    )
    if len(forms) == limit:
        return WaitingForms(forms, forms[-1].id, False)
    return WaitingForms(forms, max(window, after), window >= newest)


@query()
def waiting_critical_forms(*, actor: Actor, skip: Collection[int], limit: int) -> list[Submission]:
    """Forms with a critical answer and without a sitting, oldest first; not those in ``skip``."""
    waiting = _waiting().filter(is_critical=True).exclude(id__in=skip)
    return list(waiting[:limit]) if actor.is_system else []


@query()
def waiting_signals(*, actor: Actor, skip: Collection[int], limit: int) -> list[CriticalSignal]:
    """Critical answers nobody was told of yet, oldest first; not those in ``skip``."""
    if not actor.is_system:
        return []
    waiting = CriticalSignal.objects.filter(adopted_at__isnull=True).exclude(id__in=skip)
    return list(waiting.select_related("participant__campaign").order_by("id")[:limit])


@query()
def came_from_campaign(*, actor: Actor, sitting_id: int) -> bool:
    """Whether a sitting was handed in by a participant."""
    return actor.is_system and SubmissionAdoption.objects.filter(sitting_id=sitting_id).exists()


@query()
def step_of(*, actor: Actor, campaign_id: int, position: int) -> Step:
    """One step of a campaign; it says nothing about people."""
    return Step.objects.get(campaign_id=campaign_id, position=position)
