"""Who may see and do what with a case: staff with the right at the person's node, and its manager. Default: no."""

from django.db.models import Q, QuerySet

from anxin.domains.cases.contracts import Permission
from anxin.domains.cases.models import Case, ConferenceSeat, LearningReview
from anxin.kernel.actor import Actor


def is_manager(actor: Actor, case: Case) -> bool:
    """Whether the case is in the actor's hands."""
    return case.manager_id in actor.posting_ids


def can_view_case(actor: Actor, case: Case) -> bool:
    """The house; its manager; staff with the right at the person's node or above, or with the record opened to them."""
    return (
        is_manager(actor, case)
        or actor.may(Permission.VIEW, at=case.scope_path)
        or actor.has_opened(Permission.VIEW, case.resident_id)
    )


def visible_cases(actor: Actor, cases: QuerySet[Case]) -> QuerySet[Case]:
    """The same rule, for many."""
    if actor.is_system:
        return cases
    rule = Q(manager__in=actor.posting_ids)
    for path in actor.paths_with(Permission.VIEW):
        rule |= Q(scope_path__startswith=path)
    opened = actor.residents_opened_for(Permission.VIEW)
    if opened:
        rule |= Q(resident_id__in=opened)
    return cases.filter(rule)


def may_on_case(actor: Actor, permission: Permission, case: Case) -> bool:
    """Whether the actor may do what ``permission`` names with this case. Being its manager gives no such right."""
    return can_view_case(actor, case) and actor.may(permission, at=case.scope_path)


def is_about(actor: Actor, case: Case) -> bool:
    """Whether the case is about the actor, who signed in as a resident."""
    return actor.resident_id is not None and case.resident_id == actor.resident_id


def cases_about(actor: Actor, cases: QuerySet[Case]) -> QuerySet[Case]:
    """The same rule, for many."""
    if actor.resident_id is None:
        return cases.none()
    return cases.filter(resident_id=actor.resident_id)


def can_sit(actor: Actor, seat: ConferenceSeat) -> bool:
    """Whether a seat of a conference is the actor's own. Its time is asked separately."""
    return seat.posting_id in actor.posting_ids


def own_seats(actor: Actor, seats: QuerySet[ConferenceSeat]) -> QuerySet[ConferenceSeat]:
    """The same rule, for many."""
    return seats.filter(posting__in=actor.posting_ids)


def can_review(actor: Actor, review: LearningReview) -> bool:
    """The supervisor chain above the person: whoever approves the end of cases there."""
    return actor.may(Permission.CLOSE, at=review.case.scope_path)


def visible_reviews(actor: Actor, reviews: QuerySet[LearningReview]) -> QuerySet[LearningReview]:
    """The same rule, for many."""
    if actor.is_system:
        return reviews
    rule = Q(pk__in=[])
    for path in actor.paths_with(Permission.CLOSE):
        rule |= Q(case__scope_path__startswith=path)
    return reviews.filter(rule)
