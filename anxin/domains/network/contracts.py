"""What others may see of the network: kinds, codes, errors, and the values that routing works on.

``label`` of an enum is an English gettext message id; a site translates it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from anxin.kernel.errors import NotFound, Refused


class Permission(StrEnum):
    """Rights of this room."""

    MANAGE = "network.manage"
    MANAGE_ROSTER = "network.manage_roster"
    VIEW_ROSTER = "network.view_roster"


class UnitKind(StrEnum):
    """Nodes of the management tree: areas, and the units that work in them."""

    CITY = "city"
    COUNTY = "county"
    ZONE = "zone"
    TOWN = "town"
    VILLAGE = "village"
    CITY_CENTRE = "city_centre"
    COUNTY_CENTRE = "county_centre"
    STATION = "station"
    HOTLINE = "hotline"
    MEDICAL_INSTITUTION = "medical_institution"
    DEPARTMENT = "department"
    TASK_FORCE_OFFICE = "task_force_office"

    @property
    def label(self) -> str:
        """Message id."""
        return _UNIT_KIND_LABELS[self]


_UNIT_KIND_LABELS = {
    UnitKind.CITY: "city",
    UnitKind.COUNTY: "county or district",
    UnitKind.ZONE: "functional zone",
    UnitKind.TOWN: "town or street",
    UnitKind.VILLAGE: "village or community",
    UnitKind.CITY_CENTRE: "city centre for mental health",
    UnitKind.COUNTY_CENTRE: "county centre for mental health",
    UnitKind.STATION: "station",
    UnitKind.HOTLINE: "hotline",
    UnitKind.MEDICAL_INSTITUTION: "medical institution",
    UnitKind.DEPARTMENT: "department",
    UnitKind.TASK_FORCE_OFFICE: "task-force office",
}
AREA_KINDS = frozenset({UnitKind.CITY, UnitKind.COUNTY, UnitKind.ZONE, UnitKind.TOWN, UnitKind.VILLAGE})
RESPONSIBLE_KINDS = frozenset({UnitKind.COUNTY, UnitKind.ZONE})
CENTRE_KINDS = frozenset({UnitKind.CITY_CENTRE, UnitKind.COUNTY_CENTRE})
PUBLIC_KINDS = frozenset({UnitKind.STATION, UnitKind.COUNTY_CENTRE, UnitKind.CITY_CENTRE})


class HostType(StrEnum):
    """The six groups of places that host a station (R-018)."""

    ORGAN_ENTERPRISE = "organ_enterprise"
    SCHOOL = "school"
    ELDER_CARE = "elder_care"
    MEDICAL = "medical"
    CUSTODY = "custody"
    COMMUNITY = "community"

    @property
    def label(self) -> str:
        """Message id."""
        return _HOST_TYPE_LABELS[self]


_HOST_TYPE_LABELS = {
    HostType.ORGAN_ENTERPRISE: "organs and enterprises",
    HostType.SCHOOL: "schools",
    HostType.ELDER_CARE: "elder care",
    HostType.MEDICAL: "medical institutions",
    HostType.CUSTODY: "custody",
    HostType.COMMUNITY: "villages and communities",
}


class Line(StrEnum):
    """系统（条线）, orthogonal to the area (R-024)."""

    EDUCATION = "education"
    ENTERPRISE = "enterprise"
    MEDICAL = "medical"
    COMMUNITY = "community"
    PUBLIC_SECURITY = "public_security"

    @property
    def label(self) -> str:
        """Message id."""
        return _LINE_LABELS[self]


_LINE_LABELS = {
    Line.EDUCATION: "education system",
    Line.ENTERPRISE: "organs and enterprises",
    Line.MEDICAL: "medical system",
    Line.COMMUNITY: "villages and communities",
    Line.PUBLIC_SECURITY: "public security system",
}


class Service(StrEnum):
    """What a unit offers (R-008). ``THERAPY`` only in a medical institution (Mental Health Law, art. 51)."""

    EDUCATION = "education"
    ASSESSMENT = "assessment"
    COUNSELLING = "counselling"
    GROUP = "group"
    THERAPY = "therapy"
    HOTLINE = "hotline"
    CRISIS = "crisis"

    @property
    def label(self) -> str:
        """Message id."""
        return _SERVICE_LABELS[self]


_SERVICE_LABELS = {
    Service.EDUCATION: "talks and courses",
    Service.ASSESSMENT: "psychological assessment",
    Service.COUNSELLING: "counselling",
    Service.GROUP: "group guidance",
    Service.THERAPY: "psychotherapy",
    Service.HOTLINE: "hotline",
    Service.CRISIS: "crisis duty",
}


class UnitStatus(StrEnum):
    """Build status (R-016)."""

    PLANNED = "planned"
    BUILDING = "building"
    BUILT = "built"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Post(StrEnum):
    """What a posting is for."""

    MANAGER = "manager"
    TUTOR = "tutor"
    COUNSELLOR = "counsellor"
    THERAPIST = "therapist"
    PSYCHIATRIST = "psychiatrist"
    PSYCHOLOGY_TEACHER = "psychology_teacher"
    HOTLINE_OPERATOR = "hotline_operator"
    HOTLINE_SUPERVISOR = "hotline_supervisor"
    OFFICER = "officer"

    @property
    def label(self) -> str:
        """Message id."""
        return _POST_LABELS[self]


_POST_LABELS = {
    Post.MANAGER: "manager",
    Post.TUTOR: "counselling tutor",
    Post.COUNSELLOR: "counsellor",
    Post.THERAPIST: "therapist",
    Post.PSYCHIATRIST: "psychiatrist",
    Post.PSYCHOLOGY_TEACHER: "psychology teacher",
    Post.HOTLINE_OPERATOR: "hotline operator",
    Post.HOTLINE_SUPERVISOR: "hotline supervisor",
    Post.OFFICER: "officer",
}


class Engagement(StrEnum):
    """专职 or 兼职."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"


class Duty(StrEnum):
    """A seat on the roster. The order of the ladder follows the unit, not this value."""

    DUTY_LEAD = "duty_lead"
    DUTY_CLINICIAN = "duty_clinician"
    HOTLINE_SUPERVISOR = "hotline_supervisor"

    @property
    def label(self) -> str:
        """Message id."""
        return _DUTY_LABELS[self]


_DUTY_LABELS = {
    Duty.DUTY_LEAD: "duty lead",
    Duty.DUTY_CLINICIAN: "duty clinician",
    Duty.HOTLINE_SUPERVISOR: "hotline supervisor on duty",
}


class DutyChange(StrEnum):
    """A dated change of the roster: away, or standing in."""

    OFF = "off"
    ON = "on"


class Rung(StrEnum):
    """The three rungs of the ladder."""

    STATION = "station"
    COUNTY = "county"
    CITY = "city"


class TaskForceKind(StrEnum):
    """Which preset of ``data/task_force.yaml``."""

    AREA = "area"
    TOWN = "town"


class ForcePost(StrEnum):
    """A seat of a task force or of one of its groups (R-132, R-133)."""

    DIRECTOR = "director"
    DEPUTY_DIRECTOR = "deputy_director"
    MEMBER = "member"
    OFFICE_DIRECTOR = "office_director"
    FULL_TIME_DEPUTY = "full_time_deputy"
    GROUP_LEADER = "group_leader"
    GROUP_DEPUTY = "group_deputy"
    GROUP_MEMBER = "group_member"

    @property
    def label(self) -> str:
        """Message id."""
        return _FORCE_POST_LABELS[self]


_FORCE_POST_LABELS = {
    ForcePost.DIRECTOR: "director",
    ForcePost.DEPUTY_DIRECTOR: "deputy director",
    ForcePost.MEMBER: "member",
    ForcePost.OFFICE_DIRECTOR: "director of the office",
    ForcePost.FULL_TIME_DEPUTY: "full-time deputy director of the office",
    ForcePost.GROUP_LEADER: "group leader",
    ForcePost.GROUP_DEPUTY: "deputy group leader",
    ForcePost.GROUP_MEMBER: "group member",
}


class RouteReason(StrEnum):
    """Why a warning goes where it goes. The value is stored; ``text`` is its message id."""

    NEAREST_ON_DUTY = "nearest-on-duty"
    NOBODY_NEARER_ON_DUTY = "nobody-nearer-on-duty"
    NOBODY_NEARER_COMPETENT = "nobody-nearer-competent"
    ACCOUNTABLE_OF_CENTRE = "accountable-of-centre"

    @property
    def text(self) -> str:
        """Message id."""
        return _ROUTE_TEXTS[self]


_ROUTE_TEXTS = {
    RouteReason.NEAREST_ON_DUTY: "On duty now, and the nearest to the person.",
    RouteReason.NOBODY_NEARER_ON_DUTY: "Nobody nearer is on duty now.",
    RouteReason.NOBODY_NEARER_COMPETENT: "Nobody nearer on duty has the qualification this level needs.",
    RouteReason.ACCOUNTABLE_OF_CENTRE: "Nobody competent is on duty; the accountable person of the centre answers.",
}


@dataclass(frozen=True, slots=True)
class DutyCandidate:
    """Somebody who is on duty at ``at`` (or accountable when ``on_duty`` is false), seen from one unit upward.

    ``distance`` counts steps up the management tree, 0 for the unit itself; ``priority`` orders seats of one unit.
    """

    posting_id: int
    staff_id: int
    holder: str
    unit_id: int
    unit_name: str
    unit_path: str
    rung: Rung
    duty: str
    on_duty: bool
    distance: int
    until: datetime | None = None
    priority: int = 1


@dataclass(frozen=True, slots=True)
class Route:
    """Where a warning goes and why (a :class:`RouteReason` value): never empty."""

    candidate: DutyCandidate
    reason: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of opening time on one weekday, 0 = Monday. 23:59 or later means midnight."""

    weekday: int
    opens_at: time
    closes_at: time


@dataclass(frozen=True, slots=True)
class OpeningState:
    """``until`` is when it closes (``None`` when closed, or round the clock); ``next_opens_at`` only when closed."""

    is_open: bool
    until: datetime | None
    today: tuple[tuple[time, time], ...]
    next_opens_at: datetime | None = None
    is_round_the_clock: bool = False


class StationFilter(StrEnum):
    """Which stations a list shows."""

    ALL = "all"
    OPEN_NOW = "open_now"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class WeeklySeat:
    """When a weekly seat is taken: from ``starts`` for ``minutes``, which may run past midnight."""

    weekdays: tuple[int, ...]
    starts: time
    minutes: int
    working_days_only: bool = False
    priority: int = 1


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """A unit to be made. Other units are named by their ``number``: existing ones, or earlier ones of the same call."""

    number: str
    name: str
    kind: UnitKind
    parent: str = ""
    slug: str = ""
    name_en: str = ""
    host_type: HostType | None = None
    line: Line | None = None
    division: str = ""
    served_by: str = ""
    host_institution: str = ""
    is_medical_institution: bool = False
    services: tuple[Service, ...] = ()
    status: UnitStatus = UnitStatus.ACTIVE
    opened_on: date | None = None
    second_centre_reason: str = ""
    address: str = ""
    access_note: str = ""
    phone: str = ""
    longitude: float | None = None
    latitude: float | None = None
    area_m2: float | None = None
    opening: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffDraft:
    """A person in their official function, to be entered."""

    name: str
    title: str = ""
    duty_phone: str = ""
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class PostingDraft:
    """A posting to be made."""

    staff_id: int
    unit_id: int
    post: Post
    starts_on: date
    ends_on: date | None = None
    engagement: Engagement = Engagement.FULL_TIME
    is_accountable: bool = False


@dataclass(frozen=True, slots=True)
class DutyDraft:
    """A weekly seat to be filled. ``unit_id`` is the unit the duty is done for."""

    posting_id: int
    unit_id: int
    duty: Duty
    seat: WeeklySeat
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class CrossTab:
    """A table of sums with its margins: ``cells[row][column]``. The margins and ``total`` always agree."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]
    row_totals: tuple[int, ...] = field(default=())
    column_totals: tuple[int, ...] = field(default=())
    total: int = 0


class UnitNotFound(NotFound):
    """No such unit."""

    code = "unit-not-found"


class SecondCityCentre(Refused):
    """There is an active city centre already (R-006)."""

    code = "second-city-centre"
    message = "There is already an active city centre. Give the reason for a second one."


class HostInstitutionMissing(Refused):
    """A county centre works at a county psychiatric institution (R-013)."""

    code = "host-institution-missing"
    message = "A county centre can only be active when its host medical institution is named."


class TherapyOutsideMedicalUnit(Refused):
    """Psychotherapy only inside medical institutions (Mental Health Law, art. 51)."""

    code = "therapy-outside-medical-unit"
    message = "Psychotherapy can only be offered by a medical institution."


class HostTypeMismatch(Refused):
    """Every station has exactly one host type, nothing else has one (R-018)."""

    code = "host-type-mismatch"
    message = "Every station needs exactly one host type, and only stations have one."


class UnitAlreadyThere(Refused):
    """The number or the address on the web is taken."""

    code = "unit-already-there"
    message = "There is already a unit with this number."


class UnitReferenceUnknown(Refused):
    """The draft names a unit or division that does not exist."""

    code = "unit-reference-unknown"
    message = "The unit %(number)s is not known."


class UnitBelowItself(Refused):
    """A unit cannot be moved below itself."""

    code = "unit-below-itself"
    message = "A unit cannot be moved below itself."


class OpeningHoursOverlap(Refused):
    """Two stretches of one day overlap, or one ends before it starts."""

    code = "opening-hours-overlap"
    message = "The opening hours overlap, or end before they start."


class PostingNotInForce(Refused):
    """The posting has ended, or has not begun."""

    code = "posting-not-in-force"
    message = "This posting is not in force on that day."


class SuccessorMissing(Refused):
    """A centre always has somebody who answers when nobody is on duty."""

    code = "successor-missing"
    message = "Name the next accountable person of this centre first."


class SeatNotPossible(Refused):
    """A weekly seat needs weekdays from Monday to Sunday and a length of one minute to one day."""

    code = "seat-not-possible"
    message = "A duty needs at least one weekday and lasts between one minute and one day."


class PeriodNotPossible(Refused):
    """It ends before it begins."""

    code = "period-not-possible"
    message = "The end lies before the beginning."


class TaskForceAlreadyThere(Refused):
    """One task force of a kind at a time."""

    code = "task-force-already-there"
    message = "This area already has such a task force. End its term first."


class NobodyAccountable(Refused):
    """Neither anybody on duty nor an accountable person: the network is not set up."""

    code = "nobody-accountable"
    message = "No accountable person is named for the city centre. The administrator has to name one."
