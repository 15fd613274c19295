"""Reading what hangs on a case besides its timeline: lowerings that wait, goals, tasks, conferences, reviews."""

from anxin.domains.audit.api import query
from anxin.domains.cases.contracts import ConferenceNotFound, LoweringState, ReviewNotFound
from anxin.domains.cases.models import (
    Case,
    CaseConference,
    CaseGoal,
    CaseLowering,
    CaseTask,
    ConferenceSeat,
    LearningReview,
)
from anxin.domains.cases.policies import own_seats, visible_cases, visible_reviews
from anxin.kernel import clock
from anxin.kernel.actor import Actor


def _seen(actor: Actor, case: Case) -> list[int]:
    return list(visible_cases(actor, Case.objects.filter(id=case.id)).values_list("id", flat=True))


@query()
def waiting_lowering_of(*, actor: Actor, case: Case) -> CaseLowering | None:
    """The lowering that waits for its second reader, in a case ``access_case`` has shown."""
    rows = CaseLowering.objects.filter(case__in=_seen(actor, case), state=LoweringState.WAITING)
    return rows.select_related("by", "asked").first()


@query()
def goals_of(*, actor: Actor, case: Case) -> list[CaseGoal]:
    """The goals, the oldest first."""
    return list(CaseGoal.objects.filter(case__in=_seen(actor, case)).order_by("id"))


@query()
def tasks_of(*, actor: Actor, case: Case) -> list[CaseTask]:
    """The tasks: open ones by their day, then what was done."""
    rows = CaseTask.objects.filter(case__in=_seen(actor, case)).select_related("owner__staff")
    return sorted(rows, key=lambda one: (one.done_at is not None, one.due_on, one.id))


@query()
def conferences_of(*, actor: Actor, case: Case) -> list[CaseConference]:
    """The conferences about a case with their seats, the newest first."""
    rows = CaseConference.objects.filter(case__in=_seen(actor, case))
    return list(rows.prefetch_related("seats__posting__staff", "seats__posting__unit").order_by("-id"))


@query()
def seats_of(*, actor: Actor) -> list[ConferenceSeat]:
    """Where the actor is asked to sit now; what lies there is opened by ``access_seat``."""
    rows = own_seats(actor, ConferenceSeat.objects.filter(closes_at__gt=clock.now()))
    return list(rows.order_by("closes_at", "id"))


def find_seat(*, actor: Actor, uid: str) -> ConferenceSeat:
    """The actor's own seat, while its conference is open. Raises ``ConferenceNotFound``."""
    rows = own_seats(actor, ConferenceSeat.objects.filter(closes_at__gt=clock.now()))
    found = rows.filter(uid=uid).first()
    if found is None:
        raise ConferenceNotFound
    return found


@query("cases:conference:viewed")
def access_seat(*, actor: Actor, uid: str) -> ConferenceSeat:
    """What was put on the actor's seat; the look is recorded. Raises ``ConferenceNotFound``."""
    return find_seat(actor=actor, uid=uid)


def find_review(*, actor: Actor, case_uid: str) -> LearningReview:
    """The review, for the supervisor chain. Raises ``ReviewNotFound``."""
    rows = visible_reviews(actor, LearningReview.objects.select_related("case", "deadline"))
    found = rows.filter(case__uid=case_uid).first()
    if found is None:
        raise ReviewNotFound
    return found


@query("cases:review:viewed")
def access_review(*, actor: Actor, case_uid: str) -> LearningReview:
    """The review with everything in it; the look is recorded. Raises ``ReviewNotFound``."""
    return find_review(actor=actor, case_uid=case_uid)


@query()
def has_review(*, actor: Actor, case: Case) -> bool:
    """Whether there is a review the actor may open."""
    return visible_reviews(actor, LearningReview.objects.filter(case=case)).exists()
