"""The small city with somebody in every role, and one record of each kind at three stations.

Built through the rooms' own verbs where they have one for it. Roles of a station work at 柳岸, of a town at its town,
of a county in 清禾区, of the city at the root; the records lie at 柳岸, at a sibling of it and in another county, so
that each is in the unit, below it or foreign, as the role has it.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.test import Client

from anxin.domains.access import api as access
from anxin.domains.access.library import load_roles
from anxin.domains.access.models import BreakGlass, Export, RoleGrant
from anxin.domains.accounts import api as accounts
from anxin.domains.archives.models import Archive
from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import Conduct, ConsentBasis, InterviewDraft
from anxin.domains.assessments.models import Sitting
from anxin.domains.audit.models import AuditEvent
from anxin.domains.campaigns.models import Campaign, Group, Participant, RosterImport, Step, Triage
from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import LegalBasis
from anxin.domains.cases.tests.factories import ladder_of, staff_actor
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import ClockOrder
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.models import TextBinding
from anxin.domains.network import api as network
from anxin.domains.network.contracts import HostType, Line, Post, Service, UnitDraft, UnitKind
from anxin.domains.network.models import Posting
from anxin.domains.notices.models import Message
from anxin.domains.residents.contracts import LegalBasis as Basis
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import RequestKind
from anxin.domains.risk.models import Warning
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import CredentialDraft, CredentialKind
from anxin.flows import save_answer, submit_questionnaire
from anxin.kernel import clock, heartbeat
from anxin.kernel.ids import new_uid
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.matrix import between_units
from tests.matrix.remembering import Memory
from tests.small_city import SINCE, SYSTEM, SmallCity

BACKEND = "anxin.domains.accounts.backends.LoginBackend"
STATIONS = ("LIUAN", "BEIMEN", "WANGQIAO")
NOWHERE = "nowhere"
VISITOR, RESIDENT, OTHER = "visitor", "resident", "other resident"

_CITY_ROLES = {
    "hotline_operator": "HOT",
    "hotline_supervisor": "HOT",
    "city_clinician": "CC",
    "city_manager": "CC",
    "platform_admin": "TF",
    "security_officer": "TF",
    "auditor": "TF",
}
_COUNTY_ROLES = (
    "county_clinician",
    "county_manager",
    "task_force_office",
    "task_force_leader",
    "department_data_user",
    "expert_group",
)
# Which stations each node covers, in words.
COVERS = {"C": set(STATIONS), "Q": {"LIUAN", "BEIMEN"}, "T": set(), "LIUAN": {"LIUAN"}}
_QUALIFIED = (CredentialKind.COUNSELLOR, CredentialKind.CRISIS_TRAINING)


@dataclass
class HttpWorld:
    """Browsers by role, the node of each, and the addresses' arguments by kind and station."""

    city: SmallCity
    memory: Memory
    clients: dict[str, Client] = field(default_factory=dict)
    nodes: dict[str, str] = field(default_factory=dict)
    kwargs: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    secrets: set[bytes] = field(default_factory=set)

    def covers(self, role: str, place: str) -> bool:
        """Whether the node of the role lies at or above the place."""
        return place in COVERS.get(self.nodes.get(role, ""), set())

    def note(self, kind: str, place: str, /, **kwargs: Any) -> None:
        """One record of a kind at a place."""
        self.kwargs.setdefault(kind, {})[place] = kwargs

    def roles(self) -> list[str]:
        """Everybody who asks."""
        return list(self.clients)


def build(memory: Memory) -> HttpWorld:
    """Inside a transaction of the house that is rolled back."""
    heartbeat.beat(heartbeat.WORKER)
    world = HttpWorld(small_city.build(), memory)
    with unit_of_work(SYSTEM):
        _more_units(world.city)
        for role, entry in load_roles().items():
            if entry.level.value not in {"self", "ward"}:
                _employ(world, role)
        for number, place in enumerate(STATIONS):
            for code in (f"a-{place}", f"b-{place}", f"c-{place}"):
                number += 10
                phone = f"1390000{len(world.city.residents):04d}"
                small_city.add_resident(
                    world.city, code, phone, "林小满", date(1990, 1, number % 28 + 1), place
                )
    for place in STATIONS:
        _records_at(world, place)
    _library(world)
    _books(world)
    _public(world)
    _sign_in(world)
    return world


def _more_units(city: SmallCity) -> None:
    town = UnitDraft(number="T", name="河湾镇", kind=UnitKind.TOWN, parent="Q")
    station = UnitDraft(
        number="TANG",
        name="塘口村心灵驿站",
        kind=UnitKind.STATION,
        parent="T",
        host_type=HostType.COMMUNITY,
        line=Line.COMMUNITY,
        services=(Service.EDUCATION,),
        address="清禾区河湾镇塘口 1 号",
        longitude=116.6,
        latitude=35.4,
    )
    for unit in network.create_units(actor=SYSTEM, drafts=[town, station]):
        city.units[unit.number] = unit


def _employ(world: HttpWorld, role: str) -> None:
    city = world.city
    node, unit = "LIUAN", "LIUAN"
    if role in _CITY_ROLES:
        node, unit = "C", _CITY_ROLES[role]
    elif role in _COUNTY_ROLES:
        node, unit = "Q", "QC"
    elif role == "town_office":
        node, unit = "T", "TANG"
    account = accounts.create_account(actor=SYSTEM, kind="staff", login=role.replace("_", "-"))
    person = network.add_staff_member(actor=SYSTEM, name=f"某{len(city.staff)}", account_id=account.id)
    network.appoint(actor=SYSTEM, staff=person, unit=city.units[unit], post=Post.COUNSELLOR, starts_on=SINCE)
    for kind in _QUALIFIED:
        draft = CredentialDraft(staff_id=person.id, kind=kind, valid_from=SINCE, verified_on=SINCE)
        workforce.record_credential(actor=SYSTEM, draft=draft)
    access.grant(actor=SYSTEM, account=account, role=role, node=city.units[node])
    city.accounts[role], city.staff[role], world.nodes[role] = account, person, node


def _records_at(world: HttpWorld, place: str) -> None:
    with unit_of_work(SYSTEM):
        keeper = network.add_staff_member(actor=SYSTEM, name=f"守{place}")
        posting = network.appoint(
            actor=SYSTEM, staff=keeper, unit=world.city.units[place], post=Post.COUNSELLOR, starts_on=SINCE
        )
    person = world.city.residents[f"a-{place}"]
    world.note("resident", place, uid=person.uid)
    _colleague(world, place)
    _unreached(world, place)
    world.note("new interview", place, resident_uid=person.uid)
    warning, sitting = _answers(world, f"a-{place}", last=1)
    world.note("warning", place, uid=warning.uid)
    world.note("sitting", place, uid=sitting.uid)
    world.note("own result", place, token=sitting.uid)
    with unit_of_work(SYSTEM):
        Sitting.objects.filter(uid=sitting.uid).update(is_doubtful=True)
        Warning.objects.filter(uid=warning.uid).update(reach_path=world.city.units[place].path)
    climbed, _ = _answers(world, f"b-{place}", last=1)
    with unit_of_work(SYSTEM):
        Warning.objects.filter(uid=climbed.uid).update(reach_path=world.city.units["C"].path)
    world.note("climbed warning", place, uid=climbed.uid)
    _case(world, place, posting)
    with unit_of_work(SYSTEM):
        between_units.note_pages(world, place, posting)
    _interview(world, place, posting)
    _campaign(world, place, posting)


def _colleague(world: HttpWorld, place: str) -> None:
    """Somebody who works there, and the one role they hold."""
    code = {"LIUAN": "zhao-ning", "BEIMEN": "bai-lu", "WANGQIAO": "chen-mo"}[place]
    grant = RoleGrant.objects.get(account=world.city.accounts[code])
    world.note("colleague", place, uid=world.city.accounts[code].uid)
    world.note("colleague's role", place, uid=world.city.accounts[code].uid, grant=grant.uid)


def _answers(world: HttpWorld, code: str, *, last: int) -> tuple[Any, Any]:
    actor = world.city.actor(code)
    with unit_of_work(actor):
        sitting = assessments.start_sitting(
            actor=actor,
            instrument="phq-9",
            language="zh-Hans",
            age=30,
            scope_path=world.city.residents[code].scope_path,
        )
    for number, value in enumerate([0] * 8 + [last], start=1):
        save_answer.save(actor=actor, sitting_uid=sitting.uid, item=number, value=value)
    return submit_questionnaire.submit(actor=actor, sitting_uid=sitting.uid).warning, sitting


def _case(world: HttpWorld, place: str, posting: Posting) -> None:
    warning, _ = _answers(world, f"c-{place}", last=2)
    with unit_of_work(SYSTEM):
        Warning.objects.filter(uid=warning.uid).update(assessed_at=clock.now(), state="assessed")
    keeper = staff_actor(Posting.objects.select_related("staff").get(id=posting.id), posting.unit.path)
    with unit_of_work(keeper):
        case = cases.open_case(
            actor=keeper,
            warning=Warning.objects.get(uid=warning.uid),
            manager_posting_id=posting.id,
            legal_basis=LegalBasis.CONSENT,
            reason="需要持续陪伴",
            draw=lambda step: ladder_of(step, posting),
        )
    world.note("case", place, uid=case.uid)
    world.note("case goal", place, uid=case.uid, goal="none")
    world.note("case task", place, uid=case.uid, task="none")
    world.note("case lowering", place, uid=case.uid, lowering="none")
    world.note("case conference", place, uid=case.uid, conference="none")
    world.note("manager", place, uid=posting.uid)


def _interview(world: HttpWorld, place: str, posting: Posting) -> None:
    permissions = frozenset({"assessments.administer", "residents.view"})
    keeper = staff_actor(posting, posting.unit.path, permissions)  # type: ignore[arg-type]
    for kind, instrument, conduct in (
        ("interview", "phq-9", Conduct.INTERVIEW),
        ("paper", "gad-7", Conduct.PAPER),
    ):
        draft = InterviewDraft(
            instrument=instrument,
            language="zh-Hans",
            conduct=conduct,
            consent=ConsentBasis.AGREED,
            order_reason="复核",
            paper_on=clock.today() if conduct is Conduct.PAPER else None,
        )
        with unit_of_work(keeper):
            sitting = assessments.start_interview(
                actor=keeper, resident_uid=world.city.residents[f"a-{place}"].uid, draft=draft
            )
        world.note(kind, place, uid=sitting.uid)
        world.note(f"{kind} question", place, uid=sitting.uid, number=1)


def _campaign(world: HttpWorld, place: str, posting: Posting) -> None:
    unit = world.city.units[place]
    with unit_of_work(SYSTEM):
        campaign = Campaign.objects.create(
            number=f"K-{place}",
            title="普测",
            segment="student",
            state="interviewing",
            unit=unit,
            scope_path=unit.path,
            owner=posting.staff,
            runs_from=clock.now() - timedelta(days=3),
            runs_until=clock.now() - timedelta(days=1),
        )
        version = instruments.published_version("phq-9").version
        Step.objects.create(campaign=campaign, position=1, instrument="phq-9", instrument_version=version)
        group = Group.objects.create(
            campaign=campaign, code=f"K{place}"[:12], name="1", standby=posting.staff
        )
        participant = Participant.objects.create(
            campaign=campaign,
            group=group,
            scope_path=unit.path,
            name="学生",
            identity_index=place,
            born_on=date(2008, 1, 1),
            consent="given",
            assent="given",
        )
        uid = new_uid()
        order = ClockOrder(
            "triage",
            uid,
            "interview",
            clock.now() + timedelta(hours=1),
            ladder_of(_Step(), posting),  # type: ignore[arg-type]
        )
        deadline = deadlines.start(actor=SYSTEM, order=order)
        triage = Triage.objects.create(
            uid=uid,
            participant=participant,
            scope_path=unit.path,
            proposed="3",
            confirmed="3",
            confirmed_by=posting.staff,
            confirmed_at=clock.now(),
            deadline=deadline,
            clock_running=True,
        )
        roster = RosterImport.objects.create(
            campaign=campaign,
            file_name="名单.xlsx",
            file_sha256=place,
            started_by=posting.staff,
            state="finished",
            has_marked_file=True,
            finished_at=clock.now(),
        )
        over = Campaign.objects.create(
            number=f"O-{place}",
            title="上一次普测",
            segment="student",
            state="reported",
            unit=unit,
            scope_path=unit.path,
            owner=posting.staff,
        )
    world.note("reported campaign", place, uid=over.uid)
    world.note("campaign", place, uid=campaign.uid)
    world.note("plan part", place, uid=campaign.uid, part="basics")
    world.note("group", place, uid=campaign.uid, group_uid=group.uid)
    world.note("class", place, uid=campaign.uid, class_uid=group.uid)
    world.note("called", place, uid=campaign.uid, participant_uid=participant.uid)
    world.note("roster file", place, uid=campaign.uid, file_uid=roster.uid)
    world.note("triage", place, uid=triage.uid)


@dataclass(frozen=True)
class _Step:
    """What a ladder is drawn from."""

    climbs_at: tuple[Any, ...] = ()
    page_every: timedelta = timedelta(minutes=5)


def _library(world: HttpWorld) -> None:
    author = replace(world.city.actor("shao-ming"))
    with unit_of_work(author):
        shipped = instruments.published_version("gad-7")
        definition = dict(
            instruments.definition_of(actor=author, instrument="gad-7", version=shipped.version)
        )
        draft = instruments.draft_from(actor=author, definition=definition, changes="为本市修订")
    world.note("instrument", "C", name="gad-7")
    world.note("shipped version", "C", name="gad-7", number=shipped.version)
    world.note("draft", "C", name="gad-7", number=draft.version)
    world.note("draft part", "C", name="gad-7", number=draft.version, part="basics")


def _books(world: HttpWorld) -> None:
    """An opening and an export of somebody at each station, an event, a licensed text."""
    account = world.city.accounts["chen-mo"]
    with unit_of_work(SYSTEM):
        for number, place in enumerate(STATIONS):
            person, path = world.city.residents[f"a-{place}"], world.city.units[place].path
            opening = BreakGlass.objects.create(
                number=f"B-{number}",
                account=account,
                opened_by="陈默",
                resident_id=person.id,
                resident_uid=person.uid,
                resident_number=person.number,
                scope_path=path,
                cause="life_at_risk",
                reason="联系不上同事",
                ends_at=clock.now() + timedelta(hours=1),
                review_due_at=clock.now() + timedelta(hours=24),
            )
            export = Export.objects.create(
                number=f"E-{number}",
                account=account,
                asked_by="陈默",
                kind="result-row",
                title="历次结果",
                rows=30,
                scope_path=path,
                purpose="转诊",
                needs_approval=True,
                expires_at=clock.now() + timedelta(days=1),
            )
            world.note("opening", place, uid=opening.uid)
            _rights(world, place)
            archive = Archive.objects.create(
                number=f"A-{number}",
                resident=person,
                unit=world.city.units[place],
                scope_path=path,
                retention_class="service_record",
                opened_unit=world.city.units[place],
            )
            world.note("export", place, uid=export.uid)
            world.note("archive", place, uid=archive.uid)
            world.note("archive step", place, uid=archive.uid, step="note")
        world.note("event", "C", uid=AuditEvent.objects.order_by("id").first().uid)
        text = TextBinding.objects.create(
            instrument="sds",
            language="zh-Hans",
            form_hash=instruments.published_version("sds").key_hash,
            text={"questions": {}, "options": {}, "instruction": ""},
            text_sha256="t",
            recorded_by=world.city.staff["shao-ming"],
        )
        world.note("text", "C", name="sds", uid=text.uid)


def _rights(world: HttpWorld, place: str) -> None:
    """A request that waits to be proved, and an entry kept from a guardian."""
    person = world.city.residents[f"c-{place}"]
    asked = rights.ask(actor=SYSTEM, resident_id=person.id, kind=RequestKind.RESTRICT)
    kept = rights.protect(
        actor=SYSTEM, person=person, subject_uid=new_uid(), why=Basis.CHILD_PROTECTION, reason="孩子说的"
    )
    world.note("request", place, uid=asked.uid)
    world.note("protected", place, uid=kept.uid)
    world.note("person step", place, uid=person.uid, step="act")


def _unreached(world: HttpWorld, place: str) -> None:
    with unit_of_work(SYSTEM):
        message = Message.objects.create(
            key=f"unreached {place}",
            template="told_afterwards",
            lane="prompt",
            scope_path=world.city.units[place].path,
            state="unreached",
            ended_at=clock.now(),
        )
    world.note("unreached message", place, uid=message.uid)


def _public(world: HttpWorld) -> None:
    """Arguments of addresses that name no record of a person."""
    for kind, kwargs in (
        ("test", {"slug": "phq-9"}),
        ("test question", {"slug": "phq-9", "number": 1}),
        ("battery", {"battery_id": "adult"}),
        ("station page", {"slug": world.city.units["LIUAN"].slug}),
        ("form", {"uid": new_uid()}),
        ("guardian token", {"token": "no-such-token"}),
        ("persona", {"persona": "nobody"}),
        ("error page", {"code": 404}),
        ("own draft", {"token": new_uid()}),
        ("seat", {"uid": new_uid()}),
        ("ward", {"token": new_uid()}),
        ("own request kind", {"kind": "delete"}),
        ("own run", {"token": new_uid()}),
        ("export kind", {"kind": "nothing"}),
        ("notice", {"uid": new_uid()}),
        ("linkage kind", {"kind": "handoff"}),
        ("expert call", {"uid": new_uid()}),
        ("own device", {"uid": new_uid()}),
        ("own passkey", {"number": "no-such-passkey"}),
        ("entry link", {"token": "no-such-token"}),
        ("channel", {"channel": "sms"}),
        ("decision", {"uid": new_uid(), "decision": "merge"}),
        ("contract", {"uid": new_uid(), "contract_uid": new_uid()}),
    ):
        world.note(kind, "C", **kwargs)


class Quick(Client):
    """A browser that keeps no notes about the templates a page was made of."""

    def request(self, **request: Any) -> Any:
        """Straight to the handler; a fault of the program becomes its page."""
        return self.handler(self._base_environ(**request))


def _sign_in(world: HttpWorld) -> None:
    for role in world.nodes:
        world.clients[role] = Quick()
        world.clients[role].force_login(world.city.accounts[role], backend=BACKEND)
    for name, code in ((RESIDENT, "a-LIUAN"), (OTHER, "a-WANGQIAO")):
        world.clients[name] = Quick()
        world.clients[name].force_login(world.city.accounts[code], backend=BACKEND)
    world.clients[VISITOR] = Quick()
