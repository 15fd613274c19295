"""The smallest valid objects of this room, for its own tests and for others'.

``a_small_city()`` is a whole ladder: a station in a town of a county, the county centre, the city centre and the
hotline, one person on duty at each; stations keep office hours, the rest is staffed round the clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from itertools import count
from typing import Any

from anxin.domains.network import api
from anxin.domains.network.contracts import (
    Duty,
    HostType,
    Post,
    PostingDraft,
    Service,
    Stretch,
    UnitDraft,
    UnitKind,
    WeeklySeat,
)
from anxin.domains.network.models import Posting, StaffMember, Unit
from anxin.kernel.actor import Actor

SYSTEM = Actor.system("test")
LONG_AGO = date(2020, 1, 1)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
OFFICE_DAYS = (0, 1, 2, 3, 4)
OFFICE_SEAT = WeeklySeat(weekdays=OFFICE_DAYS, starts=time(8, 30), minutes=9 * 60)
DAY_SEAT = WeeklySeat(weekdays=EVERY_DAY, starts=time(8), minutes=12 * 60)
NIGHT_SEAT = WeeklySeat(weekdays=EVERY_DAY, starts=time(20), minutes=12 * 60)
ROUND_THE_CLOCK = WeeklySeat(weekdays=EVERY_DAY, starts=time(0), minutes=24 * 60)
OFFICE_HOURS = tuple(Stretch(day, time(8, 30), time(17, 30)) for day in OFFICE_DAYS)

_serial = count(1)


def a_unit(kind: UnitKind, parent: Unit | None = None, **changes: Any) -> Unit:
    """A unit under ``parent``; what its kind demands is filled in."""
    number = f"T{next(_serial):06d}"
    draft = UnitDraft(number=number, name=f"测试{number}", kind=kind, parent=parent.number if parent else "")
    if kind is UnitKind.STATION:
        draft = replace(draft, host_type=HostType.COMMUNITY, services=(Service.COUNSELLING,))
    if kind is UnitKind.MEDICAL_INSTITUTION:
        draft = replace(draft, is_medical_institution=True)
    if kind is UnitKind.COUNTY_CENTRE and "host_institution" not in changes and parent is not None:
        host = a_unit(UnitKind.MEDICAL_INSTITUTION, parent)
        draft = replace(draft, host_institution=host.number)
    return api.create_unit(actor=SYSTEM, draft=replace(draft, **changes))


def a_person(name: str = "", account_id: int | None = None) -> StaffMember:
    """A member of staff without a posting."""
    return api.add_staff_member(actor=SYSTEM, name=name or f"职员{next(_serial)}", account_id=account_id)


def a_posting(
    unit: Unit,
    staff: StaffMember | None = None,
    *,
    post: Post = Post.COUNSELLOR,
    accountable: bool = False,
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
) -> Posting:
    """A posting in force."""
    person = staff or a_person()
    draft = PostingDraft(person.id, unit.id, post, starts_on, ends_on, is_accountable=accountable)
    return api.appoint_all(actor=SYSTEM, drafts=[draft])[0]


def on_duty_at(unit: Unit, *, duty: Duty, seat: WeeklySeat = ROUND_THE_CLOCK, name: str = "") -> Posting:
    """A new person who holds a seat of the unit's roster."""
    posting = a_posting(unit, a_person(name))
    api.put_on_roster(actor=SYSTEM, posting=posting, duty=duty, seat=seat, valid_from=LONG_AGO)
    return posting


@dataclass(frozen=True)
class SmallCity:
    """A ladder to climb."""

    city: Unit
    county: Unit
    town: Unit
    village: Unit
    station: Unit
    county_centre: Unit
    city_centre: Unit
    hotline: Unit
    station_lead: Posting
    county_clinician: Posting
    city_clinician: Posting
    hotline_supervisor: Posting

    @property
    def postings(self) -> Sequence[Posting]:
        """The four on duty, in climbing order."""
        return (self.station_lead, self.county_clinician, self.city_clinician, self.hotline_supervisor)


def a_small_city() -> SmallCity:
    """City, county, town, village; a station served in office hours, centre and hotline at all hours."""
    city = a_unit(UnitKind.CITY)
    county = a_unit(UnitKind.COUNTY, city)
    town = a_unit(UnitKind.TOWN, county)
    station = a_unit(UnitKind.STATION, town, opening=OFFICE_HOURS)
    village = a_unit(UnitKind.VILLAGE, town, served_by=station.number)
    county_centre = a_unit(UnitKind.COUNTY_CENTRE, county)
    city_centre = a_unit(UnitKind.CITY_CENTRE, city, is_medical_institution=True)
    hotline = a_unit(UnitKind.HOTLINE, city)
    a_posting(county_centre, post=Post.MANAGER, accountable=True)
    a_posting(city_centre, post=Post.MANAGER, accountable=True)
    return SmallCity(
        city=city,
        county=county,
        town=town,
        village=village,
        station=station,
        county_centre=county_centre,
        city_centre=city_centre,
        hotline=hotline,
        station_lead=on_duty_at(station, duty=Duty.DUTY_LEAD, seat=OFFICE_SEAT),
        county_clinician=on_duty_at(county_centre, duty=Duty.DUTY_CLINICIAN),
        city_clinician=on_duty_at(city_centre, duty=Duty.DUTY_CLINICIAN),
        hotline_supervisor=on_duty_at(hotline, duty=Duty.HOTLINE_SUPERVISOR),
    )
