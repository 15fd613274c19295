"""Making, moving and activating units.

Every change of the tree runs under one transaction-scoped advisory lock, so that no path is computed from a parent that
somebody else is moving.
"""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.text import slugify
from pypinyin import Style, lazy_pinyin

from anxin.domains.audit.api import command
from anxin.domains.network.contracts import (
    HostType,
    OpeningHoursOverlap,
    Service,
    Stretch,
    UnitAlreadyThere,
    UnitBelowItself,
    UnitDraft,
    UnitKind,
    UnitReferenceUnknown,
    UnitStatus,
)
from anxin.domains.network.models import Division, OpeningHours, Unit
from anxin.domains.network.policies import can_manage_divisions, can_manage_roster, can_manage_unit, require
from anxin.domains.network.rules import opening as opening_rules
from anxin.domains.network.rules import standing
from anxin.kernel import clock
from anxin.kernel.actor import Actor, is_within
from anxin.kernel.ids import new_uid
from anxin.kernel.outbox import enqueue

TOPIC_UNIT_MOVED = "network.unit_moved"
_TREE_LOCK = 7_203_001


def _lock_tree() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])


def spelled(name: str) -> str:
    """Full pinyin and initials of a Chinese name, so that both find it: ``liu an she qu`` → ``liuanshequ lasq``."""
    full = "".join(lazy_pinyin(name, errors="default")).lower().replace(" ", "")
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="default")).lower().replace(" ", "")
    return f"{full[:150]} {initials[:48]}"


def _fresh_ids(count: int) -> list[int]:
    """Ids before the rows exist, because a path ends with the unit's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('network_unit', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def _referenced(drafts: Sequence[UnitDraft]) -> dict[str, Unit]:
    numbers = {
        name for draft in drafts for name in (draft.parent, draft.served_by, draft.host_institution) if name
    }
    return {unit.number: unit for unit in Unit.objects.filter(number__in=numbers)}


def _look_up(known: dict[str, Unit], number: str, field: str) -> Unit | None:
    if not number:
        return None
    if number not in known:
        raise UnitReferenceUnknown(field=field, number=number)
    return known[number]


def _built(draft: UnitDraft, unit_id: int, known: dict[str, Unit], divisions: dict[str, int]) -> Unit:
    parent = _look_up(known, draft.parent, "parent")
    if draft.division and draft.division not in divisions:
        raise UnitReferenceUnknown(field="division", number=draft.division)
    return Unit(
        id=unit_id,
        number=draft.number,
        name=draft.name,
        name_en=draft.name_en,
        name_pinyin=spelled(draft.name),
        slug=draft.slug or slugify(draft.number),
        kind=draft.kind.value,
        host_type=draft.host_type.value if draft.host_type else None,
        line=draft.line.value if draft.line else "",
        parent=parent,
        path=f"{parent.path if parent else '/'}{unit_id}/",
        depth=parent.depth + 1 if parent else 0,
        division_id=divisions.get(draft.division),
        is_medical_institution=draft.is_medical_institution,
        services=[service.value for service in draft.services],
        status=draft.status.value,
        opened_on=draft.opened_on,
        second_centre_reason=draft.second_centre_reason.strip(),
        address=draft.address,
        access_note=draft.access_note,
        phone=draft.phone,
        longitude=draft.longitude,
        latitude=draft.latitude,
        area_m2=draft.area_m2,
    )


def _active_city_centres(*, besides: int | None = None) -> int:
    centres = Unit.objects.filter(kind=UnitKind.CITY_CENTRE, status=UnitStatus.ACTIVE)
    return centres.exclude(id=besides).count() if besides else centres.count()


def _check(unit: Unit, host: Unit | None, active_city_centres: int, reason: str) -> None:
    kind = UnitKind(unit.kind)
    standing.check_kind(kind=kind, host_type=HostType(unit.host_type) if unit.host_type else None)
    standing.check_services(services=unit.services, is_medical_institution=unit.is_medical_institution)
    if unit.status == UnitStatus.ACTIVE:
        standing.check_active(
            kind=kind,
            host_is_medical=host is not None and host.is_medical_institution,
            active_city_centres=active_city_centres,
            second_centre_reason=reason,
        )


def _create(actor: Actor, drafts: Sequence[UnitDraft]) -> list[Unit]:
    _lock_tree()
    known = _referenced(drafts)
    codes = {draft.division for draft in drafts if draft.division}
    divisions = dict(Division.objects.filter(code__in=codes).values_list("code", "id"))
    city_centres = _active_city_centres()
    made: list[Unit] = []
    for draft, unit_id in zip(drafts, _fresh_ids(len(drafts)), strict=True):
        unit = _built(draft, unit_id, known, divisions)
        require(can_manage_unit(actor, unit))
        known[draft.number] = unit
        made.append(unit)
    for draft, unit in zip(drafts, made, strict=True):
        unit.served_by = _look_up(known, draft.served_by, "served_by")
        unit.host_institution = _look_up(known, draft.host_institution, "host_institution")
        _check(unit, unit.host_institution, city_centres, unit.second_centre_reason)
        city_centres += unit.kind == UnitKind.CITY_CENTRE and unit.status == UnitStatus.ACTIVE
    _insert(made)
    _write_hours({unit.id: draft.opening for draft, unit in zip(drafts, made, strict=True) if draft.opening})
    return made


def _insert(units: list[Unit]) -> None:
    try:
        with transaction.atomic():
            Unit.objects.bulk_create(units, batch_size=1000)
    except IntegrityError as error:
        # Only number and slug can collide here: ids and paths are fresh, and every other rule was checked above.
        raise UnitAlreadyThere(field="number") from error


@transaction.atomic
@command("network:unit:created")
def create_units(*, actor: Actor, drafts: Sequence[UnitDraft]) -> list[Unit]:
    """Make units, parents before children. One refusal refuses all.

    Raises ``UnitAlreadyThere``, ``UnitReferenceUnknown`` and the refusals of ``rules.standing``.
    """
    return _create(actor, drafts)


@transaction.atomic
@command("network:unit:created")
def create_unit(*, actor: Actor, draft: UnitDraft) -> Unit:
    """Make one unit; see :func:`create_units`."""
    return _create(actor, [draft])[0]


@transaction.atomic
@command("network:division:created")
def create_divisions(*, actor: Actor, rows: Sequence[tuple[str, str, str]]) -> list[Division]:
    """Enter divisions of the legal tree: (code, name, code of the superior or empty), superiors first."""
    require(can_manage_divisions(actor))
    known = {one.code: one for one in Division.objects.filter(code__in=[row[2] for row in rows])}
    made = []
    for code, name, superior in rows:
        if superior and superior not in known:
            raise UnitReferenceUnknown(field="parent", number=superior)
        known[code] = Division.objects.create(code=code, name=name, parent=known.get(superior))
        made.append(known[code])
    return made


@transaction.atomic
@command("network:unit:moved")
def move_unit(*, actor: Actor, unit: Unit, parent: Unit) -> Unit:
    """Hang a unit, with everything below it, under another one.

    The tree is rewritten here; rooms that keep a path by value listen to the outbox topic ``TOPIC_UNIT_MOVED`` and
    rewrite theirs. Raises ``UnitBelowItself``.
    """
    _lock_tree()
    moved, target = Unit.objects.get(id=unit.id), Unit.objects.get(id=parent.id)
    require(can_manage_unit(actor, moved) and can_manage_unit(actor, target))
    if is_within(target.path, [moved.path]):
        raise UnitBelowItself(field="parent")
    old, new = moved.path, f"{target.path}{moved.id}/"
    if old == new:
        return moved
    Unit.objects.filter(path__startswith=old).update(
        path=Concat(Value(new), Substr("path", len(old) + 1)),
        depth=F("depth") + (target.depth + 1 - moved.depth),
    )
    Unit.objects.filter(id=moved.id).update(parent=target)
    moved.refresh_from_db()
    key = f"{TOPIC_UNIT_MOVED}:{new_uid()}"
    enqueue(
        topic=TOPIC_UNIT_MOVED, key=key, payload={"unit_uid": moved.uid, "old_path": old, "new_path": new}
    )
    return moved


@transaction.atomic
@command("network:unit:activated")
def activate_unit(*, actor: Actor, unit: Unit, second_centre_reason: str = "") -> Unit:
    """Open a unit to the public.

    Raises ``SecondCityCentre`` (R-006), ``HostInstitutionMissing`` (R-013), ``TherapyOutsideMedicalUnit`` (T9).
    """
    _lock_tree()
    found = Unit.objects.select_related("host_institution").get(id=unit.id)
    require(can_manage_unit(actor, found))
    found.status = UnitStatus.ACTIVE
    others = _active_city_centres(besides=found.id)
    _check(found, found.host_institution, others, second_centre_reason or found.second_centre_reason)
    if found.kind == UnitKind.CITY_CENTRE and others and second_centre_reason.strip():
        found.second_centre_reason = second_centre_reason.strip()
    found.opened_on = found.opened_on or clock.today()
    found.save(update_fields=["status", "second_centre_reason", "opened_on"])
    return found


@transaction.atomic
@command("network:unit:services_set")
def set_services(*, actor: Actor, unit: Unit, services: Iterable[Service]) -> Unit:
    """What a unit offers. Raises ``TherapyOutsideMedicalUnit``."""
    found = Unit.objects.select_for_update().get(id=unit.id)
    require(can_manage_unit(actor, found))
    wanted = [service.value for service in services]
    standing.check_services(services=wanted, is_medical_institution=found.is_medical_institution)
    found.services = wanted
    found.save(update_fields=["services"])
    return found


def _write_hours(weeks: dict[int, Sequence[Stretch]]) -> None:
    if any(opening_rules.have_overlap(week) for week in weeks.values()):
        raise OpeningHoursOverlap(field="opening")
    OpeningHours.objects.filter(unit_id__in=list(weeks)).delete()
    OpeningHours.objects.bulk_create(
        (
            OpeningHours(unit_id=unit_id, weekday=one.weekday, opens_at=one.opens_at, closes_at=one.closes_at)
            for unit_id, week in weeks.items()
            for one in week
        ),
        batch_size=5000,
    )


@transaction.atomic
@command("network:unit:hours_set")
def set_opening_hours(*, actor: Actor, unit: Unit, hours: Sequence[Stretch]) -> Unit:
    """Replace the opening hours of a unit. Raises ``OpeningHoursOverlap``."""
    found = Unit.objects.select_for_update().get(id=unit.id)
    require(can_manage_roster(actor, found))
    _write_hours({found.id: hours})
    return found
