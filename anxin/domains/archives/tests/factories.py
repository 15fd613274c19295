"""A city in which archives are kept: two stations, a custody station, and the people who may and may not."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any

from anxin.domains.archives import api
from anxin.domains.archives.contracts import OpenDraft, Permission, PersonDraft
from anxin.domains.archives.models import Archive
from anxin.domains.network.contracts import HostType, UnitKind
from anxin.domains.network.models import Posting, Unit
from anxin.domains.network.tests.factories import SmallCity, a_person, a_posting, a_small_city, a_unit
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Permission as ResidentsPermission
from anxin.domains.residents.contracts import Purpose
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from anxin.kernel.identifiers_cn import check_character
from anxin.kernel.unit_of_work import unit_of_work

SYSTEM = Actor.system("test")
HELPS = frozenset(
    {
        Permission.OPEN,
        Permission.VIEW,
        Permission.WRITE,
        Permission.MERGE,
        ResidentsPermission.VIEW,
        ResidentsPermission.REGISTER,
    }
)
MANAGES = frozenset({Permission.VIEW_META, Permission.ASSIGN, Permission.COUNT})
_serial = count(1)


def an_id_number(born_on: date = date(1990, 5, 8), *, is_male: bool = False) -> str:
    """A well-formed number that belongs to nobody, different each time."""
    sequence = 2 * next(_serial) + is_male
    body = f"990101{born_on:%Y%m%d}{sequence:03d}"
    return body + check_character(body)


def staff_actor(posting: Posting, permissions: frozenset[str] = HELPS, path: str = "") -> Actor:
    """Whoever holds ``posting``, with ``permissions`` at their unit or at ``path``."""
    grant = NodeGrant(
        path=path or posting.unit.path,
        role="test",
        permissions=frozenset(str(one) for one in permissions),
        sees_identified=True,
    )
    return Actor(
        ActorKind.STAFF,
        uid=f"account-{posting.staff_id}",
        label=posting.staff.name,
        grants=(grant,),
        staff_id=posting.staff_id,
        posting_ids=(posting.id,),
    )


@dataclass(frozen=True)
class Stage:
    """The city and the people of the story."""

    city: SmallCity
    other: Unit
    custody: Unit
    school: Unit
    counsellor: Actor
    colleague: Actor
    colleague_posting: Posting
    stranger: Actor
    warden: Actor
    teacher: Actor
    manager: Actor
    county: Actor
    office: Actor

    @property
    def station(self) -> Unit:
        """Where most of it happens."""
        return self.city.station


def a_stage() -> Stage:
    """Inside a unit of work of the house."""
    city = a_small_city()
    other = a_unit(UnitKind.STATION, city.town)
    custody = a_unit(UnitKind.STATION, city.county, host_type=HostType.CUSTODY)
    school = a_unit(UnitKind.STATION, city.county, host_type=HostType.SCHOOL)
    colleague = a_posting(city.station, a_person("同事"))
    return Stage(
        city=city,
        other=other,
        custody=custody,
        school=school,
        counsellor=staff_actor(a_posting(city.station, a_person("赵宁"))),
        colleague=staff_actor(colleague),
        colleague_posting=colleague,
        stranger=staff_actor(a_posting(other, a_person("陈默"))),
        warden=staff_actor(a_posting(custody, a_person("管教"))),
        teacher=staff_actor(a_posting(school, a_person("老师")), HELPS | {Permission.READ_UNIT}),
        manager=staff_actor(a_posting(city.station, a_person("站长")), MANAGES),
        county=staff_actor(
            a_posting(city.county_centre, a_person("孙岚")), HELPS - {Permission.OPEN}, city.county.path
        ),
        office=staff_actor(
            a_posting(city.county_centre, a_person("主任")), MANAGES - {Permission.ASSIGN}, city.county.path
        ),
    )


def a_draft(**changes: Any) -> OpenDraft:
    """Somebody grown up who has signed today; person fields and draft fields by name."""
    person_fields = {"name", "phone", "id_number", "born_on", "sex"}
    person = {"name": "李晴", "phone": f"138{next(_serial):08d}", "id_number": an_id_number()}
    person |= {key: changes.pop(key) for key in list(changes) if key in person_fields}
    draft = OpenDraft(
        person=PersonDraft(**person),
        text_version=residents.consent_text(purpose=Purpose.ARCHIVE).version,
        signed_on=clock.today(),
    )
    return replace(draft, **changes)


def an_archive(actor: Actor, unit: Unit, **changes: Any) -> Archive:
    """Opened by ``actor`` at ``unit``, in a unit of work of their own."""
    with unit_of_work(actor):
        return api.open_archive(actor=actor, unit_uid=unit.uid, draft=a_draft(**changes))
