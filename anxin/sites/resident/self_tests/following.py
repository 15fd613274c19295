"""What comes after a form was handed in: the next part of a battery, or a closer look that the result asks for.

Nothing passes from one form to the next but the fact that it follows: each is a sitting of its own, answered anew.
"""

from dataclasses import dataclass

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import Part, SittingState
from anxin.domains.instruments import api as instruments
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest
from anxin.sites.resident.self_tests import batteries, runs
from anxin.sites.resident.self_tests.entering import Errand
from anxin.sites.resident.self_tests.offer import Offer, next_looks, offer_of


@dataclass(frozen=True, slots=True)
class Next:
    """What is offered. In a battery one form, with the way so far; otherwise the closer looks."""

    errands: tuple[tuple[Offer, Errand], ...]
    battery_title: str = ""
    run_uid: str = ""
    part: int = 0
    done: int = 0
    total: int = 0
    result_uid: str = ""

    @property
    def is_closer_look(self) -> bool:
        """Whether the result just given asks for it."""
        return not self.battery_title


def after_sitting(request: VisitRequest, run: runs.Run) -> Next | None:
    """What follows a sitting of the person's own that was just handed in."""
    return of_sitting(request, run.sitting_uid)


def of_sitting(request: VisitRequest, uid: str) -> Next | None:
    """What follows this sitting of the person's own. Raises ``SittingNotFound``."""
    with unit_of_work(request.actor):
        sitting = assessments.own_sitting(actor=request.actor, uid=uid)
        if sitting.state != SittingState.SUBMITTED:
            return None
        battery_run = sitting.battery_run
        parts = assessments.own_parts(actor=request.actor, run=battery_run) if battery_run else ()
        answers, pinned = tuple(sitting.answers), (sitting.instrument, sitting.instrument_version)
    battery = batteries.named(battery_run.battery) if battery_run else None
    if battery_run and battery and batteries.is_open(battery_run):
        return _in_battery(battery, battery_run.uid, parts, result_uid=uid)
    instrument = instruments.published_version(*pinned)
    looks = next_looks(instrument, instruments.score(instrument, answers), age=None)
    errands = tuple((offer, Errand(offer.slug, after=uid)) for offer in looks)
    return Next(errands, result_uid=uid) if errands else None


def _in_battery(
    battery: assessments.Battery, run_uid: str, parts: tuple[Part, ...], *, result_uid: str
) -> Next | None:
    part = batteries.upcoming(parts)
    offer = offer_of(part.instrument) if part else None
    if part is None or offer is None:
        return None
    done, total = batteries.progress(parts)
    return Next(
        ((offer, Errand(offer.slug, battery=battery.id, after=result_uid)),),
        battery_title=batteries.title_of(battery),
        run_uid=run_uid,
        part=part.number,
        done=done,
        total=total,
        result_uid=result_uid,
    )


def on_this_device(run: runs.Run) -> Next | None:
    """What follows a finished run of somebody unknown. It is worked out from that run alone; nothing else is known."""
    if run.anonymous is None:
        return None
    sheet = instruments.score(run.instrument, run.counting)
    battery = batteries.named(run.anonymous.battery)
    if battery is None:
        looks = next_looks(run.instrument, sheet, age=None)
        errands = tuple((offer, Errand(offer.slug)) for offer in looks)
        return Next(errands) if errands else None
    parts = batteries.plan_of(battery, age=None).parts
    ahead = run.anonymous.part + 1
    if (
        ahead <= len(parts)
        and parts[ahead - 1].only_if
        and sheet.flags.get(parts[ahead - 1].only_if) is False
    ):
        ahead += 1
    offer = offer_of(parts[ahead - 1].instrument) if ahead <= len(parts) else None
    if offer is None:
        return None
    return Next(
        ((offer, Errand(offer.slug, battery=battery.id)),),
        battery_title=batteries.title_of(battery),
        part=ahead,
        done=ahead - 1,
        total=len(parts),
    )
