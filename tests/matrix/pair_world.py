"""Rows of every kind at every sort of place, and everybody who could ask for them. For the policy-pair table.

The rows are the smallest that the policies can tell apart; the people are values and hold one right at one node each,
for every right there is, so that a policy which asks for a neighbouring right is found out.
"""

import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from anxin import domains
from anxin.domains.access.models import BreakGlass, EntryLink, Export, RoleGrant
from anxin.domains.accounts.models import Account
from anxin.domains.archives.models import Archive, Carer, DoctorContract, Merge, Transfer
from anxin.domains.assessments.models import Sitting
from anxin.domains.campaigns.models import Campaign, Group, Participant, Triage
from anxin.domains.cases.models import Case, CaseConference, ConferenceSeat, LearningReview
from anxin.domains.conversations.models import Thread
from anxin.domains.deadlines.models import Deadline
from anxin.domains.instruments.models import InstrumentVersion, TextBinding
from anxin.domains.network.models import Posting
from anxin.domains.notices.models import ContactWish, Message, Notice, QuotaUse
from anxin.domains.residents.models import Resident
from anxin.domains.rights.contracts import SCOPE
from anxin.domains.rights.models import ProtectedEntry, SubjectRequest
from anxin.domains.risk.models import Warning
from anxin.domains.risk.policies import GRACE
from anxin.domains.workforce.models import Credential
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind, NodeGrant, OpenedRecord
from tests import small_city

# The tree in words, and not by prefix, because prefixes are what is under test: which places a node covers.
COVERS = {
    "C": {"C", "CC", "HOT", "TF", "Q", "QC", "S", "SC", "LIUAN", "BEIMEN", "WANGQIAO"},
    "Q": {"Q", "QC", "LIUAN", "BEIMEN"},
    "LIUAN": {"LIUAN"},
    "WANGQIAO": {"WANGQIAO"},
    "HOSP": {"HOSP"},
}
PLACES = ("C", "Q", "QC", "LIUAN", "BEIMEN", "WANGQIAO")
SECOND = timedelta(seconds=1)
_LENT = ("residents.view", "assessments.read", "cases.view", "risk.", "archives.view")


def every_permission() -> tuple[str, ...]:
    """The rights that the rooms declare."""
    found: set[str] = set()
    for room in pkgutil.iter_modules(domains.__path__):
        contracts = import_module(f"anxin.domains.{room.name}.contracts")
        declared = getattr(contracts, "Permission", None)
        if isinstance(declared, type) and issubclass(declared, StrEnum):
            found |= {one.value for one in declared}
    return tuple(sorted(found))


@dataclass(frozen=True)
class Who:
    """Somebody who asks: which rights at which nodes, which person of the city, and what is lent at whose record."""

    name: str
    actor: Actor
    held: frozenset[tuple[str, str]] = frozenset()
    person: str = ""
    identified_at: frozenset[str] = frozenset()
    lent: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Thing:
    """One row: where it lies (and perhaps ``also``), whose it is, whom it is about, and what else the rule looks at."""

    name: str
    row: Any
    place: str = ""
    owner: str = ""
    traits: frozenset[str] = frozenset()
    about: str = ""
    also: str = ""


@dataclass
class PairWorld:
    """The city, everybody, and the rows by kind."""

    city: small_city.SmallCity
    everybody: list[Who] = field(default_factory=list)
    rows: dict[str, list[Thing]] = field(default_factory=dict)

    def path(self, place: str) -> str:
        """Of a node."""
        return str(self.city.units[place].path)

    def posting(self, code: str) -> Posting:
        """The posting of somebody."""
        return Posting.objects.get(staff=self.city.staff[code])


def build() -> PairWorld:
    """Inside a transaction of the house that is rolled back: deferred keys are not asked for."""
    world = PairWorld(small_city.build())
    from tests.matrix.between_units import rows as _between_rows  # it speaks of the things defined here

    def between(world: PairWorld) -> dict[str, list[Thing]]:
        return _between_rows(
            world, lambda place: _clock(world, f"between {place}", place, "zhao-ning", clock.now())
        )

    for make in (
        _people_rows,
        _campaign_rows,
        _work_rows,
        _library_rows,
        _office_rows,
        archive_rows,
        between,
    ):
        for kind, things in make(world).items():
            world.rows[kind] = things
    world.everybody = list(_everybody(world))
    return world


# --- everybody -------------------------------------------------------------------------------------------------


def _everybody(world: PairWorld) -> Iterator[Who]:
    yield Who("the house", Actor.system("test"))
    yield Who("a visitor", Actor.anonymous())
    for code in ("li-qing", "lin-xia"):
        person = world.city.residents[code]
        uid = world.city.accounts[code].uid
        yield Who(
            code,
            Actor(ActorKind.RESIDENT, uid, code, resident_id=person.id, resident_uid=person.uid),
            person=code,
        )
    for place, *rights in (("LIUAN", "archives.view"), ("LIUAN", "archives.view", "archives.write")):
        held = NodeGrant(world.path(place), "test", frozenset(rights))
        yield Who(
            f"zhao-ning with {', '.join(rights)}",
            replace(_colleague(world, "zhao-ning"), grants=(held,)),
            held=frozenset((right, place) for right in rights),
            person="zhao-ning",
        )
    yield Who("a resident without an archive", Actor(ActorKind.RESIDENT, "r", "r"))
    for code in ("zhao-ning", "chen-mo"):
        yield Who(f"{code}, without a right", _colleague(world, code), person=code)
    yield Who("a colleague without a person", Actor(ActorKind.STAFF, "s", "s"))
    permissions = every_permission()
    yield _who(
        world,
        "a resident who carries every right",
        ["C"],
        permissions,
        identified=True,
        kind=ActorKind.RESIDENT,
    )
    for place in COVERS:
        yield _who(world, f"meets people at {place}", [place], (), identified=True)
        for permission in permissions:
            yield _who(world, f"{permission} at {place}", [place], (permission,))
    for permission in (one for one in permissions if one.startswith(_LENT)):
        for place in ("LIUAN", "WANGQIAO"):
            yield _borrower(world, permission, place)
        yield _borrower(world, permission, "LIUAN", also=permission)
    yield _borrower(world, "residents.view", "LIUAN", kind=ActorKind.RESIDENT)
    for permission in (one for one in permissions if one.startswith("cases.")):
        yield _borrower(world, "cases.view", "WANGQIAO", also=permission)
        apart = _who(world, f"sees cases at LIUAN, {permission} at WANGQIAO", ["LIUAN"], ("cases.view",))
        more = NodeGrant(world.path("WANGQIAO"), "test", frozenset({permission}))
        yield replace(
            apart,
            actor=replace(apart.actor, grants=(*apart.actor.grants, more)),
            held=apart.held | {(permission, "WANGQIAO")},
        )
        both = frozenset({"cases.view", permission})
        yield _who(world, f"sees cases and {permission} at LIUAN", ["LIUAN"], tuple(sorted(both)))
        held = NodeGrant(world.path("LIUAN"), "test", frozenset({permission}))
        yield Who(
            f"zhao-ning with {permission}",
            replace(_colleague(world, "zhao-ning"), grants=(held,)),
            held=frozenset({(permission, "LIUAN")}),
            person="zhao-ning",
        )
    yield _who(world, "meets people at LIUAN and WANGQIAO", ["LIUAN", "WANGQIAO"], (), identified=True)
    for permission in permissions:
        yield _who(world, f"{permission} at LIUAN and WANGQIAO", ["LIUAN", "WANGQIAO"], (permission,))


def _colleague(world: PairWorld, code: str) -> Actor:
    return Actor(
        ActorKind.STAFF,
        world.city.accounts[code].uid,
        code,
        staff_id=world.city.staff[code].id,
        posting_ids=(world.posting(code).id,),
    )


def _borrower(
    world: PairWorld, permission: str, place: str, *, also: str = "", kind: ActorKind = ActorKind.STAFF
) -> Who:
    """Somebody to whom the record of the resident at ``place`` was opened, with ``also`` as a right of their own."""
    person = next(one.row for one in world.rows["resident"] if one.about == place)
    opened = OpenedRecord("opening", person.id, person.uid, frozenset({permission}))
    grants = (NodeGrant(world.path("WANGQIAO"), "test", frozenset({also})),) if also else ()
    return Who(
        f"{permission} lent at the record at {place}{f', {also} at WANGQIAO' if also else ''}",
        Actor(kind, "somebody", "somebody", grants=grants, opened=(opened,)),
        held=frozenset({(also, "WANGQIAO")} if also else ()),
        lent=frozenset({(permission, place)}),
    )


def _who(
    world: PairWorld,
    name: str,
    places: list[str],
    permissions: tuple[str, ...],
    *,
    identified: bool = False,
    kind: ActorKind = ActorKind.STAFF,
) -> Who:
    grants = tuple(
        NodeGrant(world.path(place), "test", frozenset(permissions), sees_identified=identified)
        for place in places
    )
    return Who(
        name,
        Actor(kind, "somebody", "somebody", grants=grants),
        held=frozenset((permission, place) for permission in permissions for place in places),
        identified_at=frozenset(places) if identified else frozenset(),
    )


# --- rows ------------------------------------------------------------------------------------------------------


def _people_rows(world: PairWorld) -> dict[str, list[Thing]]:
    city, spare = world.city, []
    for place in PLACES:
        unit = city.units[place]
        person = Resident.objects.create(number=f"R-{place}", home_unit=unit, scope_path=unit.path)
        spare.append(Thing(f"a resident at {place}", person, place, about=place))
    own = [
        Thing(code, Resident.objects.get(id=city.residents[code].id), place, owner=code, about=code)
        for code, place in (("li-qing", "LIUAN"), ("lin-xia", "WANGQIAO"))
    ]
    sittings = [
        Thing(
            f"a sitting of {one.name}",
            Sitting.objects.create(
                resident=one.row,
                scope_path=world.path(one.place),
                instrument="phq-9",
                instrument_version="1",
                language="zh-Hans",
                answers=[],
            ),
            one.place,
            owner=one.owner,
            about=one.about,
        )
        for one in (*spare, *own)
    ]
    threads = [
        Thing(
            f"a thread at {place} of {owner or 'somebody unknown'}",
            Thread.objects.create(
                scope_path=world.path(place), resident=city.residents[owner] if owner else None
            ),
            place,
            owner=owner,
        )
        for place, owner in (
            *((place, "") for place in PLACES),
            ("LIUAN", "li-qing"),
            ("WANGQIAO", "lin-xia"),
        )
    ]
    notices = [
        Thing(f"a notice to {owner}", _notice(world, owner, number), owner=owner)
        for number, owner in enumerate(("zhao-ning", "chen-mo", "li-qing", "lin-xia", ""))
    ]
    return {
        "resident": spare + own,
        "sitting": sittings,
        "thread": threads,
        "notice": notices,
        **_reach_rows(world, [*spare, *own]),
    }


def _reach_rows(world: PairWorld, people: list[Thing]) -> dict[str, list[Thing]]:
    """Who was not reached, what was spent, and how people may be reached."""
    now = clock.now()
    return {
        "message": [
            Thing(
                f"a message at {place}",
                Message.objects.create(
                    key=place,
                    template="t",
                    lane="prompt",
                    scope_path=world.path(place),
                    state="unreached",
                    ended_at=now,
                ),
                place,
            )
            for place in PLACES
        ],
        "use": [
            Thing(
                f"what {place} spent",
                QuotaUse.objects.create(unit=world.city.units[place], channel="sms", month=date(2026, 11, 1)),
                place,
            )
            for place in PLACES
        ],
        "wish": [
            Thing(
                f"how {one.name} may be reached",
                ContactWish.objects.create(resident=one.row, scope_path=world.path(one.place)),
                one.place,
                owner=one.owner,
            )
            for one in people
        ],
    }


def _notice(world: PairWorld, owner: str, number: int) -> Notice:
    return Notice.objects.create(
        key=f"n{number}",
        template="t",
        channel="inbox",
        scope_path=world.path("LIUAN"),
        staff=world.city.staff.get(owner),
        resident=world.city.residents.get(owner),
    )


def _campaign_rows(world: PairWorld) -> dict[str, list[Thing]]:
    campaigns, triages = [], []
    for place in PLACES:
        unit = world.city.units[place]
        campaign = Campaign.objects.create(
            number=f"K-{place}",
            title="t",
            segment="student",
            unit=unit,
            scope_path=unit.path,
            owner=world.city.staff["zhao-ning"],
        )
        group = Group.objects.create(campaign=campaign, code=place, name="1")
        participant = Participant.objects.create(
            campaign=campaign, group=group, scope_path=unit.path, identity_index=place
        )
        triage = Triage.objects.create(participant=participant, scope_path=unit.path, proposed="0")
        campaigns.append(Thing(f"a campaign at {place}", campaign, place))
        triages.append(Thing(f"a record of triage at {place}", triage, place))
    return {"campaign": campaigns, "triage": triages}


def _work_rows(world: PairWorld) -> dict[str, list[Thing]]:
    now, people = clock.now(), {one.place: one.row for one in world.rows["resident"] if not one.owner}
    managers = {"LIUAN": "zhao-ning", "WANGQIAO": "chen-mo", "BEIMEN": "bai-lu", "Q": "sun-lan"}
    cases, clocks, warnings = [], [], []
    reviews, seats = [], []
    for place in PLACES:
        owner = managers.get(place, "shao-ming")
        posting = world.posting(owner)
        deadline = _clock(world, place, place, owner, now + 600 * SECOND)
        clocks.append(Thing(f"a clock at {place}", deadline, place, owner=owner))
        case = Case.objects.create(
            number=f"C-{place}",
            resident=people[place],
            unit=world.city.units[place],
            scope_path=world.path(place),
            legal_basis="consent",
            level=3,
            manager=posting,
            deadline=deadline,
        )
        cases.append(Thing(f"a case at {place}", case, place, owner=owner, about=place))
        review = LearningReview.objects.create(case=case, told="x", due_at=now)
        reviews.append(Thing(f"a learning review at {place}", review, place))
        conference = CaseConference.objects.create(case=case, question="x", called_by="x", closes_at=now)
        seat = ConferenceSeat.objects.create(
            conference=conference,
            posting=posting,
            case_path=world.path(place),
            seat_path=posting.unit.path,
            case_number=case.number,
            closes_at=now + 600 * SECOND,
            shown="{}",
        )
        seats.append(Thing(f"a seat about {place}", seat, place, owner=owner))
    for place, reach, late in (
        ("LIUAN", "LIUAN", None),
        ("LIUAN", "Q", None),
        ("LIUAN", "C", None),
        ("WANGQIAO", "WANGQIAO", None),
        ("WANGQIAO", "C", None),
        ("QC", "QC", None),
        ("LIUAN", "LIUAN", GRACE + SECOND),
        ("LIUAN", "LIUAN", 15 * SECOND + SECOND / 2),
        ("LIUAN", "LIUAN", 15 * SECOND),
        ("WANGQIAO", "WANGQIAO", GRACE + SECOND),
        ("LIUAN", "LIUAN", timedelta()),
    ):
        warnings.append(_warning(world, place, reach, late, people[place], len(warnings)))
    return {
        "case": cases,
        "own case": [
            _own_case(world, code, place) for code, place in (("li-qing", "LIUAN"), ("lin-xia", "WANGQIAO"))
        ],
        "case review": reviews,
        "case seat": seats,
        "deadline": clocks,
        "warning": warnings,
    }


def _own_case(world: PairWorld, code: str, place: str) -> Thing:
    """A case about somebody who has an account."""
    case = Case.objects.create(
        number=f"C-{code}",
        resident=world.city.residents[code],
        unit=world.city.units[place],
        scope_path=world.path(place),
        legal_basis="consent",
        level=3,
        manager=world.posting("shao-ming"),
        deadline=_clock(world, f"own-{place}", place, "shao-ming", clock.now() + 600 * SECOND),
    )
    return Thing(f"the case of {code}", case, place, owner=code)


def _clock(world: PairWorld, subject: str, place: str, owner: str, change_at: Any) -> Deadline:
    return Deadline.objects.create(
        subject_kind="test",
        subject_uid=subject,
        stage="acknowledge",
        due_at=clock.now() + 600 * SECOND,
        ladder=[],
        owner=world.posting(owner),
        owner_unit=world.city.units[place],
        next_change_at=change_at,
    )


def _warning(
    world: PairWorld, place: str, reach: str, late: timedelta | None, resident: Resident, number: int
) -> Thing:
    change_at = clock.now() - late if late is not None else clock.now() + 60 * SECOND
    is_closed = late == timedelta()
    deadline = None if is_closed else _clock(world, f"w{number}", place, "zhao-ning", change_at)
    row = Warning.objects.create(
        number=f"W-{number}",
        source="staff",
        source_key=str(number),
        resident=resident,
        unit=world.city.units[place],
        scope_path=world.path(place),
        reach_path=world.path(reach),
        proposed_level=2,
        level=2,
        route_reason="t",
        deadline=deadline,
        clock_running=None if is_closed else True,
        state="closed" if is_closed else "new",
        closed_at=clock.now() if is_closed else None,
        proposed_by=world.city.staff["zhao-ning"],
        acknowledge_due_at=clock.now(),
    )
    # 15 seconds after a climb was due and nobody wrote it down, everybody above sees it.
    traits = {"late"} if late is not None and late > 15 * SECOND else set()
    upward = [one for one in ("LIUAN", "WANGQIAO", "QC", "Q", "C") if place in COVERS.get(one, {one})]
    reached = upward[: upward.index(reach) + 1]
    name = f"warning {number} at {place}, reached {reach}{', late' if traits else ''}"
    return Thing(
        name, row, place, about=place, traits=frozenset(traits | {f"reached {one}" for one in reached})
    )


def _library_rows(world: PairWorld) -> dict[str, list[Thing]]:
    one, two = world.city.staff["shao-ming"], world.city.staff["sun-lan"]
    way = ("draft", "in_review", "published", "retired")
    seen = {"reviewer": two, "publisher": two, "reviewed_at": clock.now(), "published_at": clock.now()}
    changes = {"published": seen, "retired": {"retired_at": clock.now()}}
    versions = []
    for number, last in enumerate(way):
        row = InstrumentVersion.objects.create(
            instrument=f"x-{number}", version="1.0.1000", definition={}, key_hash="k", author=one
        )
        for state in way[1 : number + 1]:
            InstrumentVersion.objects.filter(id=row.id).update(state=state, **changes.get(state, {}))
        row.refresh_from_db()
        is_open = last in ("published", "retired")
        versions.append(Thing(f"a version in {last}", row, traits=frozenset({"open"} if is_open else ())))
    text = TextBinding.objects.create(
        instrument="x", language="zh-Hans", form_hash="f", text={}, text_sha256="t", recorded_by=one
    )
    return {"version": versions, "text": [Thing("a licensed text", text)]}


def archive_rows(world: PairWorld) -> dict[str, list[Thing]]:
    """Archives in use, restricted, in custody, with and without somebody helping; and what goes on between units."""
    people = {one.about: one.row for one in world.rows["resident"]}
    more = {
        name: Resident.objects.create(
            number=f"R-{number}", home_unit=world.city.units[place], scope_path=world.path(place)
        )
        for number, (name, place) in enumerate(
            (
                ("helped", "LIUAN"),
                ("helped elsewhere", "WANGQIAO"),
                ("restricted", "LIUAN"),
                ("restricted and helped", "LIUAN"),
                ("custody", "LIUAN"),
                ("custody and helped", "LIUAN"),
            )
        )
    }
    archives = [_archive(world, people[one], one, one) for one in PLACES]
    archives += [
        _archive(world, people[code], code, place)
        for code, place in (("li-qing", "LIUAN"), ("lin-xia", "WANGQIAO"))
    ]
    for name, person in more.items():
        archives.append(_archive(world, person, name, "WANGQIAO" if "elsewhere" in name else "LIUAN"))
    one, two = people["LIUAN"], people["BEIMEN"]
    staff = world.city.staff["zhao-ning"]
    transfer = Transfer.objects.create(
        archive=archives[0].row,
        archive_number="A",
        from_unit=world.city.units["LIUAN"],
        to_unit=world.city.units["WANGQIAO"],
        from_path=world.path("LIUAN"),
        to_path=world.path("WANGQIAO"),
        is_asked_for=True,
        reason="t",
        proposed_by=staff,
    )
    merge = Merge.objects.create(
        duplicate=two,
        kept=one,
        duplicate_uid=two.uid,
        kept_uid=one.uid,
        duplicate_path=world.path("WANGQIAO"),
        kept_path=world.path("LIUAN"),
        crosses_units=True,
        reason="t",
        proposed_by=staff,
    )
    contract = DoctorContract.objects.create(
        number="D",
        resident=one,
        scope_path=world.path("LIUAN"),
        unit=world.city.units["QC"],
        team_path=world.path("LIUAN"),
        team="t",
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 1, 1),
    )
    requests, entries = [], []
    for place in PLACES:
        due = clock.now() + 600 * SECOND
        requests.append(
            Thing(
                f"a request at {place}",
                SubjectRequest.objects.create(
                    number=f"Q-{place}",
                    resident=people[place],
                    person_number="r",
                    person_uid="r",
                    scope_path=SCOPE + world.path(place),
                    kind="delete",
                    acknowledge_due_at=due,
                    decide_due_at=due,
                ),
                place,
            )
        )
        entry = ProtectedEntry.objects.create(
            resident=people[place],
            person_number="r",
            person_uid="r",
            scope_path=SCOPE + world.path(place),
            subject_uid=place,
            why="crisis",
            reason="t",
            marked_by="t",
        )
        entries.append(Thing(f"a protected entry at {place}", entry, place))
    requests.append(
        Thing(
            "a request of li-qing",
            SubjectRequest.objects.create(
                number="Q-own",
                resident=people["li-qing"],
                person_number="r",
                person_uid="r",
                scope_path=SCOPE + world.path("LIUAN"),
                kind="delete",
                acknowledge_due_at=due,
                decide_due_at=due,
            ),
            "LIUAN",
            owner="li-qing",
        )
    )
    return {
        "archive": archives,
        "transfer": [Thing("a transfer from LIUAN to WANGQIAO", transfer)],
        "merge": [Thing("a merge at LIUAN and WANGQIAO", merge)],
        "contract": [Thing("a contract with a team at LIUAN", contract)],
        "request": requests,
        "protected": entries,
    }


def _archive(world: PairWorld, person: Resident, name: str, place: str) -> Thing:
    traits = frozenset(word for word in ("helped", "restricted", "custody") if word in name)
    row = Archive.objects.create(
        number=f"A-{person.id}",
        resident=person,
        unit=world.city.units[place],
        scope_path=world.path(place),
        is_custody="custody" in traits,
        status="restricted" if "restricted" in traits else "open",
        retention_class="service_record",
        opened_unit=world.city.units[place],
    )
    if "helped" in traits:
        Carer.objects.create(archive=row, posting=world.posting("zhao-ning"))
    # Whoever has the case of somebody in hand is helping as well.
    helpers = {"LIUAN": "zhao-ning", "WANGQIAO": "chen-mo", "BEIMEN": "bai-lu", "Q": "sun-lan"}
    helper = "zhao-ning" if "helped" in traits else helpers.get(name, "")
    traits |= {f"by {helper}"} if helper else set()
    owner = name if name in ("li-qing", "lin-xia") else ""
    return Thing(f"the archive {name}", row, place, owner=owner, about=name, traits=traits)


def _office_rows(world: PairWorld) -> dict[str, list[Thing]]:
    city = world.city
    places = {
        "zhao-ning": "LIUAN",
        "chen-mo": "WANGQIAO",
        "bai-lu": "BEIMEN",
        "sun-lan": "Q",
        "shao-ming": "C",
    }
    grants = [
        Thing(f"the role of {code}", RoleGrant.objects.get(account=city.accounts[code]), place, owner=code)
        for code, place in places.items()
    ]
    posted = {**places, "sun-lan": "QC", "shao-ming": "CC"}
    staff = [
        Thing(code, SimpleNamespace(staff_id=city.staff[code].id, pk=city.staff[code].id), place, owner=code)
        for code, place in posted.items()
    ]
    double = small_city.network.add_staff_member(actor=small_city.SYSTEM, name="两处任职")
    for place in ("LIUAN", "WANGQIAO"):
        unit = city.units[place]
        Posting.objects.create(staff=double, unit=unit, post="counsellor", starts_on=date(2025, 1, 1))
    staff.append(
        Thing("posted twice", SimpleNamespace(staff_id=double.id, pk=double.id), "LIUAN", also="WANGQIAO")
    )
    nobody = small_city.network.add_staff_member(actor=small_city.SYSTEM, name="未任职")
    staff.append(Thing("posted nowhere", SimpleNamespace(staff_id=nobody.id, pk=nobody.id), ""))
    credentials = [
        Thing(
            f"a credential of {one.name}",
            Credential.objects.filter(staff_id=one.row.staff_id).first(),
            one.place,
            one.owner,
        )
        for one in staff
        if one.owner
    ]
    unheld = Credential.objects.create(staff=nobody, kind="tutor", valid_from=date(2025, 1, 1))
    credentials.append(Thing("a credential of somebody posted nowhere", unheld, ""))
    units = [Thing(f"the unit {place}", city.units[place], place) for place in PLACES]
    papers = [_papers(world, code, place) for code, place in places.items()]
    return {
        "opening": [opening for opening, _export in papers],
        "export": [export for _opening, export in papers],
        "grant": grants,
        "link": [_link(world, place) for place in PLACES],
        "staff": staff,
        "posted nowhere": [staff[-1]],
        "credential": credentials,
        "unit": units,
        "own account": [
            Thing(f"the account of {code}", city.accounts[code], place, owner=code)
            for code, place in places.items()
        ],
        "account": [Thing("an account", Account.objects.get(id=city.accounts["zhao-ning"].id))],
        "place": [
            Thing(f"the place {place}", SimpleNamespace(path=world.path(place)), place) for place in PLACES
        ],
        "nothing": [Thing("nothing", None)],
    }


def _link(world: PairWorld, place: str) -> Thing:
    unit, account = world.city.units[place], world.city.accounts["zhou-xing"]
    moment = clock.now()
    row = EntryLink.objects.create(
        kind="invitation",
        node=unit,
        unit=unit,
        asked_by=account,
        asked_at=moment,
        expires_at=moment + 600 * SECOND,
    )
    return Thing(f"an invitation at {place}", row, place)


def _papers(world: PairWorld, code: str, place: str) -> tuple[Thing, Thing]:
    account, path = world.city.accounts[code], world.path(place)
    opening = BreakGlass.objects.create(
        number=f"B-{place}",
        account=account,
        opened_by=code,
        resident_id=1,
        resident_uid="r",
        resident_number="r",
        scope_path=path,
        cause="other",
        reason="t",
        ends_at=clock.now() + 600 * SECOND,
        review_due_at=clock.now() + 600 * SECOND,
    )
    export = Export.objects.create(
        number=f"E-{place}",
        account=account,
        asked_by=code,
        kind="t",
        title="t",
        rows=1,
        scope_path=path,
        purpose="t",
        needs_approval=True,
        expires_at=clock.now() + 600 * SECOND,
    )
    return (
        Thing(f"an opening of {code}", opening, place, owner=code),
        Thing(f"an export of {code}", export, place, owner=code),
    )
