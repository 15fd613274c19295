"""Events as rows of plain words: level, when about, how answered, how far. Nobody can be told from them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.domains.indicators import api as indicators
from anxin.domains.indicators.contracts import Answer, Days, EventRow, Period
from anxin.domains.risk.contracts import Level
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.oversight.forms import EventChoices
from anxin.sites.oversight.words import (
    ANSWERS,
    LEVEL_NAMES,
    PARTS_OF_DAY,
    PERIODS,
    REACH_NUMBERS,
    REACHES,
)

if TYPE_CHECKING:
    from anxin.domains.network.models import Unit

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """One event."""

    level: str
    area: str
    week: str
    part_of_day: str
    reach: int
    reach_words: str
    missed: int
    answer: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class EventsPage:
    """Everything the page draws."""

    node: "Unit"
    days: Days
    total: int
    rows: list[Shown]
    page: "Page[EventRow]"
    query: str
    back_url: str
    hidden: list[tuple[str, str]]
    periods: list[tuple[str, str, bool]]


def events_page(actor: Actor, choices: EventChoices, page_number: str) -> EventsPage:
    """The page. Raises ``NodeNotFound`` and ``TooFewToShow``."""
    chosen = choices.chosen()
    node = indicators.node_for(actor=actor, uid=chosen["node"])
    period = Period(chosen["period"] or Period.MONTH)
    days = _days(chosen, period)
    found = indicators.events_behind(
        actor=actor,
        node=node,
        days=days,
        at=clock.now(),
        level=Level(int(chosen["level"])) if chosen["level"] else None,
        answer=chosen["answer"],
        group=chosen["group"],
    )
    page = Paginator(found, PAGE_SIZE).get_page(page_number)
    kept = {key: str(value) for key, value in chosen.items() if value}
    return EventsPage(
        node=node,
        days=days,
        total=len(found),
        rows=[_shown(row) for row in page],
        page=page,
        query=urlencode(kept) + "&" if kept else "",
        back_url=f"{reverse('oversight:overview')}?{urlencode({'node': node.uid, 'period': period.value})}",
        hidden=[(key, value) for key, value in kept.items() if key not in ("level", "answer")],
        periods=_periods(kept, period, is_week=bool(chosen["week"])),
    )


def _days(chosen: dict[str, Any], period: Period) -> Days:
    if chosen["week"]:
        return indicators.week_of(chosen["week"])
    return indicators.period_until(period, clock.today())


def _periods(kept: dict[str, str], period: Period, *, is_week: bool) -> list[tuple[str, str, bool]]:
    rest = {key: value for key, value in kept.items() if key not in ("week", "period")}
    return [
        (str(label), f"?{urlencode({**rest, 'period': one.value})}", one is period and not is_week)
        for one, label in PERIODS.items()
    ]


def _shown(row: EventRow) -> Shown:
    number = REACH_NUMBERS[row.reach]
    return Shown(
        level=LEVEL_NAMES[row.level] if row.level is not None else "",
        area=row.area or _("small numbers together"),
        week=f"{row.week:%m-%d}" if row.week else "",
        part_of_day=str(PARTS_OF_DAY[row.part_of_day]) if row.part_of_day else "",
        reach=number,
        reach_words=str(REACHES[row.reach]),
        missed=number - 1 if row.climbed else 0,
        answer=str(ANSWERS[row.answer]),
        is_late=row.answer is Answer.LATE,
    )
