"""The learning review after a death: begun with the end of the case, written by those who approve ends."""

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.cases import library
from anxin.domains.cases.contracts import SUBJECT, CaseNoteMissing, Draw
from anxin.domains.cases.models import Case, LearningReview
from anxin.domains.cases.rules.clocks import learning_step
from anxin.domains.cases.selectors.course import find_review
from anxin.domains.cases.services.writing import order_for
from anxin.domains.deadlines import api as deadlines
from anxin.kernel import clock
from anxin.kernel.actor import Actor


def begin_review(case: Case, *, told: str, draw: Draw, actor: Actor) -> LearningReview:
    """What was told goes here instead of the timeline; the clock runs until somebody has finished it."""
    step = learning_step(library.case_times(), since=clock.now(), level=case.level)
    return LearningReview.objects.create(
        case=case,
        told=told,
        opened_at=clock.now(),
        due_at=step.due_at,
        deadline=deadlines.start(actor=actor, order=order_for(case, step, draw(step))),
    )


@transaction.atomic
@command("cases:review:written")
def write_review(
    *, actor: Actor, case_uid: str, learnt: str, aftercare: str, is_finished: bool = False
) -> LearningReview:
    """What is learnt, and what is done for those who are left. Finished, its clock ends; it can still be added to."""
    review = find_review(actor=actor, case_uid=case_uid)
    if is_finished and not (learnt.strip() and aftercare.strip()):
        raise CaseNoteMissing(field="aftercare" if learnt.strip() else "learnt")
    deadlines.lock_clock(actor=actor, subject_kind=SUBJECT, subject_uid=review.case.uid)
    review = (
        LearningReview.objects.select_for_update(of=("self",))
        .select_related("case", "deadline")
        .get(id=review.id)
    )
    review.learnt, review.aftercare = learnt.strip(), aftercare.strip()
    if is_finished and review.finished_at is None:
        review.finished_at, review.finished_by = clock.now(), actor.label
        assert review.deadline is not None
        deadlines.meet(actor=actor, deadline_id=review.deadline.id)
    review.save(update_fields=["learnt", "aftercare", "finished_at", "finished_by"])
    return review
