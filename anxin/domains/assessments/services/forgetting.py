"""Destroying the log of single answers once it has been kept long enough. Only the owner of the tables can."""

from collections.abc import Collection
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from anxin.domains.assessments import library
from anxin.domains.assessments.contracts import SittingState
from anxin.domains.assessments.models import AnswerEntry, Sitting
from anxin.domains.assessments.rules.forgetting import last_day_over
from anxin.domains.audit.api import command, query
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


@query()
def answer_logs_due(*, actor: Actor, held: Collection[str] = ()) -> int:
    """How many handed-in forms still have a log that need not be kept, people the law holds left out. For the house."""
    return _due(actor, held).count()


@command("assessments:answer-logs:forgotten", silent_on_none=True)
def forget_answer_logs(*, actor: Actor, held: Collection[str] = (), most: int = 500) -> list[Sitting] | None:
    """Destroy the logs of the ``most`` oldest such forms; these forms. What was handed in, and what it came to, stays.

    One transaction each time, so that it goes on where it stopped. ``None``: nothing was left to do.
    """
    if not actor.is_system:
        raise NotPermitted
    chosen = list(_due(actor, held).select_related("resident").order_by("submitted_at", "id")[:most])
    AnswerEntry.objects.filter(sitting__in=chosen).delete()
    return chosen or None


def _due(actor: Actor, held: Collection[str]) -> QuerySet[Sitting]:
    if not actor.is_system:
        return Sitting.objects.none()
    over = last_day_over(clock.today(), library.answer_log_years())
    end = datetime.combine(over + timedelta(days=1), time(), clock.LOCAL)
    logged = Exists(AnswerEntry.objects.filter(sitting=OuterRef("pk")))
    handed_in = Sitting.objects.filter(state=SittingState.SUBMITTED, submitted_at__lt=end)
    return handed_in.exclude(resident__uid__in=list(held)).filter(logged)
