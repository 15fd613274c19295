"""What the home page shows: only entries that work today."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxin.sites.resident.stations import presenters as stations
from anxin.ui.context import help_numbers


@dataclass(frozen=True, slots=True)
class Entry:
    """A link with its promise."""

    name: str | Promise
    url: str
    promise: str | Promise = ""
    icon: str = ""
    is_dark: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """The home page."""

    feelings: tuple[Entry, ...]
    modules: tuple[Entry, ...]
    areas: tuple[stations.Area, ...]
    area_name: str
    station: stations.StationCard | None


def home(area: str) -> Home:
    """The page for somebody who chose ``area`` on this device, or none. Call inside a unit of work."""
    areas = stations.areas(area)
    return Home(
        feelings=_feelings(),
        modules=_modules(),
        areas=areas,
        area_name=next((each.name for each in areas if each.is_chosen), ""),
        station=stations.open_card(area) if area else None,
    )


def known_area(slug: str) -> str:
    """``slug`` when it is an area that can be chosen, else nothing."""
    return next((area.slug for area in stations.areas(slug) if area.is_chosen), "")


def _feelings() -> tuple[Entry, ...]:
    help_url = reverse("resident_help:help")
    return (
        Entry(_("Just tired"), reverse("resident_tests:list")),
        Entry(_("Not sleeping well"), reverse("resident_relax:breathing")),
        Entry(_("A weight on my chest"), reverse("resident_relax:breathing")),
        Entry(_("Worried about somebody at home"), f"{help_url}#others"),
        Entry(_("Want to talk to somebody"), f"{help_url}#talk"),
    )


def _modules() -> tuple[Entry, ...]:
    help_url = reverse("resident_help:help")
    return (
        Entry(
            _("Self-test"),
            reverse("resident_tests:list"),
            _("A few minutes to see how you are"),
            "clipboard-heart",
        ),
        Entry(
            _("Stations nearby"), reverse("resident_stations:list"), _("Where somebody is in"), "home-heart"
        ),
        Entry(
            _("Relaxing"),
            reverse("resident_relax:breathing"),
            _("Three minutes of slow breath"),
            "headphones",
        ),
        Entry(_("Hotline"), f"{help_url}#talk", _hotline_promise(), "phone-call"),
        Entry(_("My records"), reverse("resident_me:me"), _("And who has looked at them"), "eye"),
        Entry(_("In a crisis"), help_url, _("When it is hardly bearable"), "lifebuoy", is_dark=True),
    )


def _hotline_promise() -> str:
    return str(_("%(number)s, around the clock") % {"number": help_numbers()[0]["number"]})
