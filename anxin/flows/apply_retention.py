"""What has been kept long enough is destroyed: reckoned first, then done, in steps that go on after a fall.

Three things go by themselves: logs of single answers, the names of archived campaigns, and old segments of the trail.
A closed archive whose time is over is listed and not touched: whether it holds what another law keeps longer is for a
person to say. Whom the law holds is left out everywhere.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from anxin.domains.archives import api as archives
from anxin.domains.assessments import api as assessments
from anxin.domains.audit import api as audit
from anxin.domains.campaigns import api as campaigns
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

SYSTEM = Actor.system("retention")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due today. ``trail_before`` is the day before which the trail is kept no longer."""

    answer_logs: int
    campaigns: tuple[str, ...]
    campaigns_held: tuple[str, ...]
    archives: tuple[str, ...]
    trail_up_to: int
    trail_before: date
    held_people: int


def plan() -> Plan:
    """Reckon, and touch nothing."""
    before = audit.kept_since(today=clock.today(), months=settings.ANXIN_AUDIT_KEEP_MONTHS)
    with unit_of_work(SYSTEM):
        held = audit.held_people(actor=SYSTEM)
        free, kept = _campaigns(held)
        root = audit.last_root_to_purge(actor=SYSTEM, before=before)
        return Plan(
            answer_logs=assessments.answer_logs_due(actor=SYSTEM, held=held),
            campaigns=tuple(number for _uid, number in free),
            campaigns_held=tuple(number for _uid, number in kept),
            archives=tuple(archives.archives_past_keeping(actor=SYSTEM, today=clock.today(), held=held)),
            trail_up_to=root.sequence if root else 0,
            trail_before=before,
            held_people=len(held),
        )


def apply() -> Plan:
    """Do what is due, as the owner of the database; what was done. The archives in it are a list to look at."""
    done = plan()
    logs = 0
    while True:
        with unit_of_work(SYSTEM):
            forgotten = assessments.forget_answer_logs(
                actor=SYSTEM, held=audit.held_people(actor=SYSTEM), most=_AT_ONCE
            )
        if not forgotten:
            break
        logs += len(forgotten)
    taken_off = tuple(number for uid, number in _due_now() if _take_names_off(uid))
    reached = audit.purge(actor=SYSTEM, before=done.trail_before)
    audit.record(actor=SYSTEM, event="audit:retention:applied")
    return Plan(
        answer_logs=logs,
        campaigns=taken_off,
        campaigns_held=done.campaigns_held,
        archives=done.archives,
        trail_up_to=reached,
        trail_before=done.trail_before,
        held_people=done.held_people,
    )


def _due_now() -> list[tuple[str, str]]:
    with unit_of_work(SYSTEM):
        return _campaigns(audit.held_people(actor=SYSTEM))[0]


def _take_names_off(uid: str) -> bool:
    """In a transaction of its own. A hold that was set meanwhile is heeded."""
    with unit_of_work(SYSTEM):
        if uid not in {one for one, _number in _campaigns(audit.held_people(actor=SYSTEM))[0]}:
            return False
        campaigns.take_names_off(actor=SYSTEM, campaign_uid=uid)
    return True


def _campaigns(held: frozenset[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Campaigns (uid and number) whose names are due: those that may be done, and those in which somebody is held."""
    free: list[tuple[str, str]] = []
    kept: list[tuple[str, str]] = []
    for one in campaigns.names_due_queryset(actor=SYSTEM, today=clock.today()):
        is_held = bool(held) and not held.isdisjoint(campaigns.persons_of(actor=SYSTEM, campaign=one))
        (kept if is_held else free).append((one.uid, one.number))
    return free, kept
