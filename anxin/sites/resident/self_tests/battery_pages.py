"""What fits whom: choosing a battery, what is in it for this person, how far they have come, leaving a part out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import PartState
from anxin.domains.instruments import api as instruments
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, public, signed_in
from anxin.sites.resident import person
from anxin.sites.resident.pages import SeeOther, page, see_other
from anxin.sites.resident.self_tests import batteries, entering
from anxin.sites.resident.self_tests.entering import Errand
from anxin.sites.resident.self_tests.offer import language, offer_of, offers

if TYPE_CHECKING:
    from anxin.domains.assessments.contracts import Part
    from anxin.domains.assessments.models import BatteryRun

_NO_NAME = "Choosing what fits oneself needs no name."


@dataclass(frozen=True, slots=True)
class BatteryCard:
    """One kind of person on the page that asks what fits. ``forms``: how many can be asked here."""

    title: str
    promise: str
    url: str
    forms: int
    is_for_age: bool = True


@dataclass(frozen=True, slots=True)
class FormLine:
    """One part of a battery."""

    name: str | Promise
    code: str
    questions: int = 0
    minutes: int = 0
    is_maybe: bool = False
    state: str = ""
    result_url: str = ""


@dataclass(frozen=True, slots=True)
class OpenCard:
    """A battery that was begun."""

    title: str
    done: int
    total: int
    url: str


@public(reason=_NO_NAME)
@require_safe
def choose(request: VisitRequest) -> HttpResponse:
    """Choose what fits you."""
    known = person.known(request)
    away = entering.turned_away(known.age if known else None)
    if away:
        return away
    age = known.age if known else None
    cards = [
        BatteryCard(
            title=batteries.title_of(one),
            promise=one.promise[language()],
            url=reverse("resident_tests:battery", args=[one.id]),
            forms=len(batteries.plan_of(one, age=age).parts),
            is_for_age=one.is_for(age),
        )
        for one in assessments.batteries()
    ]
    fitting = [card for card in cards if card.is_for_age]
    return page(request, "resident/self_tests/choose.html", {"cards": fitting, "runs": open_cards(request)})


@public(reason=_NO_NAME)
@require_http_methods(["GET", "HEAD", "POST"])
def battery(request: VisitRequest, battery_id: str) -> HttpResponse:
    """What is in it, what is not there yet, and the way in: with the start page of its first form."""
    found, known = batteries.named(battery_id), person.known(request)
    if found is None:
        raise Http404
    away = entering.turned_away(known.age if known else None)
    if away:
        return away
    age = known.age if known else None
    plan = batteries.plan_of(found, age=age)
    open_one = batteries.open_run(request, battery_id)
    lines = [_line(part.instrument, is_maybe=bool(part.only_if)) for part in plan.parts]
    first = plan.parts[0].instrument if plan.parts and found.is_for(age) else ""
    context = {
        "title": batteries.title_of(found),
        "promise": found.promise[language()],
        "lines": lines,
        "minutes": sum(line.minutes for line in lines if not line.is_maybe),
        "absent": [name.upper() for name in plan.absent],
        "is_for_age": found.is_for(age),
        "age_min": found.age_min,
        "start_url": Errand(first, battery=found.id).url("start") if first else "",
        "run": open_one and _open_card(*open_one),
        "others": offers(age=age),
    }
    return page(request, "resident/self_tests/battery.html", context)


@signed_in("resident")
@require_safe
def battery_run(request: VisitRequest, token: UUID) -> HttpResponse:
    """How far one has come, part by part."""
    run, parts = batteries.run_by_uid(request, str(token))
    found, ahead = batteries.named(run.battery), batteries.upcoming(parts)
    done, total = batteries.progress(parts)
    lines = [
        _line(
            part.instrument,
            state=part.state,
            result_url=reverse("resident_results:result", args=[part.sitting_uid])
            if part.state is PartState.DONE
            else "",
        )
        for part in parts
        if part.state is not PartState.NOT_NEEDED
    ]
    is_open = batteries.is_open(run)
    context = {
        "title": batteries.title_of(found) if found else run.battery,
        "lines": lines,
        "done": done,
        "total": total,
        "uid": run.uid,
        "is_open": is_open,
        "ahead": ahead if is_open else None,
        "next_url": Errand(ahead.instrument, battery=run.battery).url("start") if ahead and is_open else "",
    }
    return page(request, "resident/self_tests/battery_run.html", context)


@signed_in("resident")
@require_POST
def leave_out(request: VisitRequest, token: UUID) -> HttpResponse:
    """Not this part."""
    part = request.POST.get("part", "")
    with unit_of_work(request.actor):
        assessments.leave_part_out(
            actor=request.actor, run_uid=str(token), part=int(part) if part.isdecimal() else 0
        )
    return see_other("resident_tests:battery_run", token)


@signed_in("resident")
@require_POST
def stop(request: VisitRequest, token: UUID) -> HttpResponse:
    """No further."""
    with unit_of_work(request.actor):
        assessments.stop_battery(actor=request.actor, run_uid=str(token))
    return SeeOther(reverse("resident_tests:battery_run", args=[token]))


def open_cards(request: VisitRequest) -> list[OpenCard]:
    """What was begun and can be gone on with."""
    return [_open_card(run, parts) for run, parts in batteries.open_runs(request)]


def part_to_leave_out(request: VisitRequest, errand: Errand) -> tuple[str, int] | None:
    """The run and part that this errand is for, if it can be left out."""
    open_one = batteries.open_run(request, errand.battery) if errand.battery else None
    if open_one is None:
        return None
    run, parts = open_one
    number = next((part.number for part in parts if part.instrument == errand.slug), None)
    return (run.uid, number) if number else None


def _open_card(run: "BatteryRun", parts: "tuple[Part, ...]") -> OpenCard:
    found = batteries.named(run.battery)
    done, total = batteries.progress(parts)
    return OpenCard(
        title=batteries.title_of(found) if found else run.battery,
        done=done,
        total=total,
        url=reverse("resident_tests:battery_run", args=[run.uid]),
    )


def _line(slug: str, *, is_maybe: bool = False, state: str = "", result_url: str = "") -> FormLine:
    offer = offer_of(slug)
    if offer is None:
        return FormLine(slug.upper(), slug.upper(), state=state)
    questions = len(instruments.published_version(slug).items)
    return FormLine(offer.name, offer.code, questions, offer.minutes, is_maybe, state, result_url)
