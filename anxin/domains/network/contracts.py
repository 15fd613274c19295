"""What others may see of the network: kinds, codes, errors, and the values that routing works on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from anxin.kernel.errors import Refused


class Permission(StrEnum):
    """Rights of this room."""

    MANAGE = "network.manage"
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


AREA_KINDS = frozenset({UnitKind.CITY, UnitKind.COUNTY, UnitKind.ZONE, UnitKind.TOWN, UnitKind.VILLAGE})


class HostType(StrEnum):
    """The six groups of places that host a station (R-018)."""

    ORGAN_ENTERPRISE = "organ_enterprise"
    SCHOOL = "school"
    ELDER_CARE = "elder_care"
    MEDICAL = "medical"
    CUSTODY = "custody"
    COMMUNITY = "community"


class Line(StrEnum):
    """系统（条线）, orthogonal to the area (R-024)."""

    EDUCATION = "education"
    ENTERPRISE = "enterprise"
    MEDICAL = "medical"
    COMMUNITY = "community"
    PUBLIC_SECURITY = "public_security"


class Service(StrEnum):
    """What a unit offers (R-008). ``THERAPY`` only in a medical institution (Mental Health Law, art. 51)."""

    EDUCATION = "education"
    ASSESSMENT = "assessment"
    COUNSELLING = "counselling"
    GROUP = "group"
    THERAPY = "therapy"
    HOTLINE = "hotline"
    CRISIS = "crisis"


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


class Duty(StrEnum):
    """A seat on the roster. The order of the ladder follows the unit, not this value."""

    DUTY_LEAD = "duty_lead"
    DUTY_CLINICIAN = "duty_clinician"
    HOTLINE_SUPERVISOR = "hotline_supervisor"


class Rung(StrEnum):
    """The three rungs of the ladder."""

    STATION = "station"
    COUNTY = "county"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class DutyCandidate:
    """Somebody who is on duty at ``at`` (or accountable when ``on_duty`` is false), seen from one unit upward."""

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


@dataclass(frozen=True, slots=True)
class Route:
    """Where a warning goes and why: never empty."""

    candidate: DutyCandidate
    reason: str


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
