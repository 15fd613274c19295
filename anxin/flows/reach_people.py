"""Nobody stays unreached in silence: the next way is tried, and when none is left the next colleague is called.

Runs beside the sending, every second. Who is called next about a warning or a case stands on the ladder of its clock;
about anything else it is whoever is on duty from the unit upward. The call about somebody unreached is a message with
ways of its own, so it climbs in its turn; at the top everybody on duty in the city is called.
"""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from anxin.domains.deadlines import api as deadlines
from anxin.domains.network import api as network
from anxin.domains.network.contracts import DutyCandidate, Rung
from anxin.domains.notices import api as notices
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.notices.models import Message

log = logging.getLogger(__name__)
SYSTEM = Actor.system("notices")
TEMPLATE = "person_unreached"
MESSAGE = "message"


def reach_people(*, limit: int = 50) -> int:
    """Go on with everybody whose time for the last way is up, and call the next colleague where no way is left."""
    moved = notices.carry_on(actor=SYSTEM, is_over=_is_over, limit=limit) or 0
    return moved + call_for_unreached(limit=limit)


def forget_calls_taken_over() -> int:
    """A colleague who was not reached about something that is in good hands by now needs no further call; how many."""
    with unit_of_work(SYSTEM):
        return notices.end_taken_over(actor=SYSTEM, is_over=_is_over) or 0


def call_for_unreached(*, limit: int = 50) -> int:
    """Give what cannot wait and reached nobody to the next colleague; how many. A fault holds up no other."""
    raised = 0
    with unit_of_work(SYSTEM):
        for message in notices.to_raise(actor=SYSTEM, limit=limit):
            try:
                with unit_of_work(SYSTEM):
                    _call_next(message)
                    notices.mark_raised(actor=SYSTEM, uid=message.uid)
                raised += 1
            except Exception:
                log.exception(
                    "nobody could be called about message %s; the next round tries again", message.uid
                )
    return raised


def _is_over(kind: str, uid: str, promised_at: datetime) -> bool:
    """Whether the call is no longer needed: what it was about was done, or has another clock with calls of its own."""
    if kind == MESSAGE:
        return notices.is_ended(actor=SYSTEM, uid=uid)
    running = deadlines.open_deadline_of(actor=SYSTEM, subject_kind=kind, subject_uid=uid)
    return running is None or running.started_at > promised_at


def _call_next(message: "Message") -> None:
    root = message.key.split(":")[1] if message.template == TEMPLATE else message.uid
    staff_ids = _next_people(message)
    if not staff_ids:
        log.error("message %s reached nobody and there is nobody left to call; it stays on the list", root)
    for staff_id in staff_ids:
        # Each colleague is called once about the same person, however often the calls come round.
        notices.reach(
            actor=SYSTEM,
            key=f"unreached:{root}:{staff_id}",
            template=TEMPLATE,
            params={"number": _number_of(message)},
            staff_id=staff_id,
            scope_path=message.scope_path,
            subject=(message.subject_kind or MESSAGE, message.subject_uid or root),
        )


def _number_of(message: "Message") -> str:
    number = str(message.params.get("number", ""))
    return number or (message.resident.number if message.resident else "") or message.uid[-8:].upper()


def _next_people(message: "Message") -> list[int]:
    """Who is called now: those behind the colleague who was not reached, or whoever answers for the person."""
    called = message.staff_id
    order = _on_the_clock(message) or _on_duty(message)
    # Somebody from outside the order stands at the top, or went off duty meanwhile: then the city decides.
    above = order[order.index(called) + 1 :] if called in order else []
    behind = order if called is None else above
    if behind:
        return behind[:1]
    team = [one.staff_id for one in _candidates(message) if one.rung is Rung.CITY and one.on_duty]
    return [one for one in dict.fromkeys(team) if one != called]


def _on_the_clock(message: "Message") -> list[int]:
    """The ladder of the clock that runs about it, from whoever holds it now."""
    running = deadlines.open_deadline_of(
        actor=SYSTEM, subject_kind=message.subject_kind, subject_uid=message.subject_uid
    )
    if running is None:
        return []
    rungs = deadlines.load_ladder(running.ladder).rungs
    postings = network.postings_by_id(posting_ids=[one.posting_id for one in rungs])
    return [postings[one.posting_id].staff_id for one in rungs]


def _on_duty(message: "Message") -> list[int]:
    """Who is on duty from the unit upward, nearest first."""
    return list(dict.fromkeys(one.staff_id for one in _candidates(message)))


def _candidates(message: "Message") -> list[DutyCandidate]:
    last = message.scope_path.strip("/").rpartition("/")[2]
    if not last.isdecimal():
        return []
    return network.candidates_upward(unit_id=int(last), at=clock.now())
