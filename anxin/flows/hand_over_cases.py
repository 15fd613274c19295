"""Cases change hands: many at once by a supervisor, all of somebody who left, and for a time while somebody is away."""

import logging
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import SUBJECT, CoverUnreadable, ManagerUnfit
from anxin.domains.deadlines import api as deadlines
from anxin.domains.network import api as network
from anxin.domains.risk.contracts import HIGH
from anxin.flows.case_people import SYSTEM, draw_for, fit_for, require_fit, tell
from anxin.flows.tell_staff import call_holder
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.cases.models import Case, ManagerCover
    from anxin.domains.network.models import Posting

log = logging.getLogger(__name__)


def reassign(*, actor: Actor, case_uids: Sequence[str], posting_uid: str, reason: str) -> "list[Case]":
    """All of them or none. Raises ``ManagerUnfit`` when the new manager could not work on one of them."""
    with unit_of_work(actor):
        posting = network.posting_by_uid(uid=posting_uid)
        chosen = [cases.case_brief(actor=actor, uid=uid) for uid in dict.fromkeys(case_uids)]
        if not chosen:
            raise ManagerUnfit(field="cases")
        handed = []
        # In one order for everybody, so that two supervisors at once cannot wait for each other.
        for case in sorted(chosen, key=lambda one: one.id):
            require_fit(case, posting)
            handed.append(
                cases.assign(
                    actor=actor,
                    case_uid=case.uid,
                    manager_posting_id=posting.id,
                    reason=reason,
                    draw=draw_for(case, staff_id=posting.staff_id),
                    seen_version=case.row_version,
                )
            )
        for case in handed:
            occasion = f"assigned:{case.row_version}"
            tell(
                actor=actor, case=case, staff_id=posting.staff_id, template="case_assigned", occasion=occasion
            )
        return handed


def follow_ended_posting(posting_id: int) -> int:
    """Every open case of somebody who left gets another manager; how many could not be given to anybody.

    Each is a transaction of its own: one that cannot be handed over keeps its clock, whose next rung is called.
    """
    with unit_of_work(SYSTEM):
        uids = cases.cases_in_hand(actor=SYSTEM, posting_id=posting_id)
        calling = deadlines.subjects_calling(actor=SYSTEM, subject_kind=SUBJECT, posting_id=posting_id)
    left = 0
    for uid in dict.fromkeys([*uids, *calling]):
        try:
            with unit_of_work(SYSTEM):
                if uid in uids:
                    _hand_over(uid)
                else:
                    _redraw(uid, occasion=f"left:{posting_id}")
        except Exception:
            log.exception("case %s could not be handed over", uid)
            left += 1
    return left


def _hand_over(uid: str) -> None:
    case = cases.case_brief(actor=SYSTEM, uid=uid)
    heir = heir_of(case)
    if heir is None:
        raise RuntimeError(f"nobody can take over {uid}")
    handed = cases.succeed(
        actor=SYSTEM,
        case_uid=uid,
        manager_posting_id=heir.id,
        reason=_(
            "The former manager has left their post. Read the case and get in touch with the person soon."
        ),
        draw=draw_for(case, staff_id=heir.staff_id),
    )
    occasion = f"assigned:{handed.row_version}"
    tell(actor=SYSTEM, case=handed, staff_id=heir.staff_id, template="case_assigned", occasion=occasion)


def heir_of(case: "Case") -> "Posting | None":
    """Who takes a case over: a fit colleague of the same unit with the fewest cases, else whoever answers above."""
    now = clock.now()
    beside = [
        one
        for one in network.postings_queryset(path=case.unit.path, on=clock.today())
        if one.id != case.manager_id and one.staff_id != case.manager.staff_id
    ]
    fit = fit_for(level=case.level, path=case.scope_path, postings=beside)
    able = [one for one in beside if one.id in fit]
    if able:
        load = {one.posting_id: one.total for one in cases.loads(actor=SYSTEM, path=case.unit.path)}
        return min(able, key=lambda one: (load.get(one.id, 0), one.id))
    above = [one.posting_id for one in network.candidates_upward(unit_id=case.unit_id, at=now)]
    found = network.postings_by_id(posting_ids=above)
    others = [found[one] for one in above if one in found and one != case.manager_id]
    fit = fit_for(level=case.level, path=case.scope_path, postings=others)
    return next((one for one in others if one.id in fit), None)


def arrange_cover(
    *, actor: Actor, posting_uid: str, by_uid: str, starts_on: date, ends_on: date, reason: str
) -> "ManagerCover":
    """Somebody stands in while a colleague is away. Raises ``CoverUnreadable`` for one who could not do the work."""
    with unit_of_work(actor):
        away, stand_in = network.posting_by_uid(uid=posting_uid), network.posting_by_uid(uid=by_uid)
        uids = cases.cases_in_hand(actor=actor, posting_id=away.id)
        levels = [cases.case_brief(actor=actor, uid=uid).level for uid in uids]
        highest = max(levels, default=int(HIGH))
        fit = fit_for(level=highest, path=away.unit.path, postings=[stand_in])
        if stand_in.ends_on is not None and stand_in.ends_on < ends_on:
            raise CoverUnreadable(field="by")
        return cases.arrange_cover(
            actor=actor,
            posting_id=away.id,
            by_posting_id=stand_in.id,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason,
            fit_posting_ids=fit,
        )


def follow_cover(payload: dict[str, Any]) -> None:
    """A cover begins or is over: the clocks of these cases call whoever answers for them now.

    Raises ``RuntimeError`` in the end when one could not be drawn, so that the outbox comes back to it.
    """
    with unit_of_work(SYSTEM):
        uids = cases.cases_in_hand(actor=SYSTEM, posting_id=int(payload["posting_id"]))
    left = 0
    for uid in uids:
        try:
            with unit_of_work(SYSTEM):
                _redraw(uid, occasion=str(payload["occasion"]))
        except Exception:
            log.exception("the people of case %s could not be found anew", uid)
            left += 1
    if left:
        raise RuntimeError(f"{left} cases still call somebody who is away")


def _redraw(uid: str, *, occasion: str) -> None:
    case = cases.case_brief(actor=SYSTEM, uid=uid)
    redrawn = cases.redraw(actor=SYSTEM, case_uid=uid, draw=draw_for(case))
    if redrawn is None or redrawn.deadline is None:
        return
    rung = deadlines.standing_of(redrawn.deadline, clock.now()).rung
    call_holder(actor=SYSTEM, subject=redrawn, rung=rung, occasion=occasion)
