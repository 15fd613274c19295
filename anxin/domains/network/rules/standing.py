"""Whether a unit may stand as it is: the refusals of the law and of the requirements."""

from collections.abc import Collection

from anxin.domains.network.contracts import (
    HostInstitutionMissing,
    HostType,
    HostTypeMismatch,
    SecondCityCentre,
    Service,
    TherapyOutsideMedicalUnit,
    UnitKind,
)


def check_kind(*, kind: UnitKind, host_type: HostType | None) -> None:
    """Every station has exactly one host type, nothing else has one (R-018)."""
    if (kind is UnitKind.STATION) != (host_type is not None):
        raise HostTypeMismatch(field="host_type")


def check_services(*, services: Collection[str], is_medical_institution: bool) -> None:
    """Therapy only in medical institutions (trap T9)."""
    if Service.THERAPY in services and not is_medical_institution:
        raise TherapyOutsideMedicalUnit(field="services")


def check_active(
    *, kind: UnitKind, host_is_medical: bool, active_city_centres: int, second_centre_reason: str
) -> None:
    """What an active centre needs besides: R-006 and R-013."""
    if kind is UnitKind.COUNTY_CENTRE and not host_is_medical:
        raise HostInstitutionMissing(field="host_institution")
    if kind is UnitKind.CITY_CENTRE and active_city_centres and not second_centre_reason.strip():
        raise SecondCityCentre(field="second_centre_reason")
