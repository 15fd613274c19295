"""Units and areas, and where they stand in the management tree."""

from collections.abc import Iterable, Sequence

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from anxin.domains.audit.api import query
from anxin.domains.network.contracts import (
    AREA_KINDS,
    RESPONSIBLE_KINDS,
    HostType,
    UnitKind,
    UnitNotFound,
    UnitStatus,
)
from anxin.domains.network.models import Unit

_CHAIN = "SELECT unnest(string_to_array(btrim(path, '/'), '/'))::bigint FROM network_unit WHERE id = %s"
_SERVED_KINDS = (UnitKind.VILLAGE, UnitKind.TOWN)


def chain_queryset(unit_id: int) -> QuerySet[Unit]:
    """A unit and everything above it, root first, found by its own path in one query.

    Each carries ``serving_id``: the active station that serves a village or town, its own community station before
    the one it names.
    """
    own = Unit.objects.filter(
        parent=OuterRef("pk"),
        kind=UnitKind.STATION,
        host_type=HostType.COMMUNITY,
        status=UnitStatus.ACTIVE,
    )
    named = Unit.objects.filter(id=OuterRef("served_by_id"), status=UnitStatus.ACTIVE)
    serving = Case(
        When(
            kind__in=_SERVED_KINDS,
            then=Coalesce(Subquery(own.order_by("number").values("id")[:1]), Subquery(named.values("id"))),
        )
    )
    chain = Unit.objects.filter(id__in=RawSQL(_CHAIN, [unit_id]))
    return chain.annotate(serving_id=serving).order_by("depth")


def serving_node(chain: Sequence[Unit]) -> tuple[Unit, int] | None:
    """The nearest area of a chain that has a station, from an area upward, and that station; none for a unit itself."""
    if not chain or UnitKind(chain[-1].kind) not in AREA_KINDS:
        return None
    served = ((node, getattr(node, "serving_id", None)) for node in reversed(chain))
    return next(((node, station) for node, station in served if station is not None), None)


@query()
def serving_unit(*, unit: Unit) -> Unit:
    """Where the people of ``unit`` belong: the station that serves an area (R-020), or ``unit`` itself.

    Work about somebody from an area is given to this unit, because only its staff and those above it see what lies
    at its path.
    """
    served = serving_node(list(chain_queryset(unit.id)))
    return unit_by_id(unit_id=served[1]) if served else unit


@query()
def city() -> Unit | None:
    """The root of the management tree; none before the network is set up."""
    return Unit.objects.filter(parent__isnull=True, kind=UnitKind.CITY).order_by("id").first()


@query()
def unit_by_uid(*, uid: str) -> Unit:
    """Raises ``UnitNotFound``."""
    found = Unit.objects.filter(uid=uid).first()
    if found is None:
        raise UnitNotFound
    return found


@query()
def unit_by_slug(*, slug: str) -> Unit:
    """Raises ``UnitNotFound``."""
    found = Unit.objects.filter(slug=slug).first()
    if found is None:
        raise UnitNotFound
    return found


@query()
def unit_by_id(*, unit_id: int) -> Unit:
    """Raises ``UnitNotFound``."""
    found = Unit.objects.filter(id=unit_id).first()
    if found is None:
        raise UnitNotFound
    return found


@query()
def units_queryset(
    *, kinds: Iterable[UnitKind] | None = None, status: UnitStatus | None = UnitStatus.ACTIVE, path: str = ""
) -> QuerySet[Unit]:
    """Units by kind and status, at ``path`` and below; ``None`` means any."""
    units = Unit.objects.all()
    if kinds is not None:
        units = units.filter(kind__in=[kind.value for kind in kinds])
    if status is not None:
        units = units.filter(status=status)
    if path:
        units = units.filter(path__startswith=path)
    return units


@query()
def areas_queryset(*, path: str = "") -> QuerySet[Unit]:
    """City, counties, zones, towns and villages."""
    return units_queryset(kinds=AREA_KINDS, status=None, path=path).order_by("depth", "number")


@query()
def responsible_areas_queryset() -> QuerySet[Unit]:
    """The areas that owe a county centre: the denominator of coverage, a list and never a number (trap T1)."""
    return units_queryset(kinds=RESPONSIBLE_KINDS, status=None).order_by("number")


@query()
def ancestors(*, unit: Unit) -> list[Unit]:
    """Everything above ``unit``, root first, without itself."""
    above = [int(part) for part in unit.path.strip("/").split("/")][:-1]
    return list(Unit.objects.filter(id__in=above).order_by("depth")) if above else []


@query()
def path_of(*, unit_id: int) -> str:
    """The path of a unit. Raises ``UnitNotFound``."""
    path = Unit.objects.filter(id=unit_id).values_list("path", flat=True).first()
    if path is None:
        raise UnitNotFound
    return path


@query()
def units_found_queryset(
    *, text: str, kinds: Iterable[UnitKind] | None = None, path: str = ""
) -> QuerySet[Unit]:
    """Active units whose Chinese or English name contains ``text``, or whose pinyin or initials begin with it."""
    words = text.strip()
    units = units_queryset(kinds=kinds, path=path)
    if not words:
        return units.none()
    spelled = "".join(words.lower().split())
    return units.filter(
        Q(name__contains=words)
        | Q(name_en__icontains=words)
        | Q(name_pinyin__startswith=spelled)
        | Q(name_pinyin__contains=f" {spelled}")
    ).order_by("name", "id")
