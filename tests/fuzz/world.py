"""A small city with something in every room, so that addresses lead somewhere, and browsers for its people."""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from anxin.domains.access import api as access
from anxin.domains.accounts import api as accounts
from anxin.domains.assessments import api as assessments
from anxin.domains.cases.contracts import LegalBasis
from anxin.domains.network import api as network
from anxin.domains.network.contracts import Post
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome, Findings, Level
from anxin.flows import (
    acknowledge_warning,
    assess_warning,
    contact_person,
    open_case,
    request_contact,
    save_answer,
    submit_questionnaire,
)
from anxin.kernel import heartbeat
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.campaign_course import CALM, GRAVE, HEAVY, LOW, S, draft
from tests.small_city import SYSTEM, SmallCity

BACKEND = "anxin.domains.accounts.backends.LoginBackend"
NOBODY = "nobody"
# Roles with pages of their own that none of the small city's people holds.
_MORE = (
    ("lu-an", "station_manager", "LIUAN"),
    ("xu-yan", "county_manager", "Q"),
    ("wei-dong", "city_manager", "C"),
    ("ji-hu", "platform_admin", "C"),
    ("bao-mi", "security_officer", "C"),
)

# Who between them can find every page: each kind of work once.
GUIDES = (
    *(NOBODY, "li-qing", "zhao-ning", "chen-mo", "sun-lan", "shao-ming", "zhou-xing", "bao-mi", "fang-zheng"),
    *("ji-hu", "lu-an"),
)

# The same roles at other places; the soak asks them too.
DOUBLES = ("chen-mo", "gu-yan")


@dataclass
class World:
    """The city, the people of it, and an address or two of what they work on."""

    city: SmallCity
    known: list[str] = field(default_factory=list)

    @property
    def people(self) -> list[str]:
        """Everybody who may come: nobody in particular, a resident, each member of staff."""
        return [NOBODY, "li-qing", *self.city.staff]

    def browser(self, code: str) -> Client:
        """A browser in which ``code`` is signed in, and which shows a fault as a page."""
        client = Client(raise_request_exception=False)
        if code != NOBODY:
            client.force_login(self.city.accounts[code], backend=BACKEND)
        return client


def build(at: Any) -> World:
    """One warning in each state, a case, a campaign whose people are talked to."""
    heartbeat.beat(heartbeat.WORKER)
    city = small_city.build()
    for code, role, node in _MORE:
        _employ(city, code, role, node)
    course = draft(city).go_to(S.RUNNING, at)
    for place, answers in enumerate([(CALM,), (LOW, HEAVY), (LOW, GRAVE)]):
        course.hand_in(place, *answers)
    course.go_to(S.INTERVIEWING, at)
    plain = draft(city, by="sun-lan", unit="QC")
    sitting, opened = _answered(city, "li-qing")
    case = _case_from(city, opened)
    _, taken = _answered(city, "lin-xia")
    chen = city.actor("chen-mo")
    acknowledge_warning.acknowledge(actor=chen, warning_uid=taken.uid)
    interview = _interview(city)
    unsafe = request_contact.request_contact(
        actor=Actor.anonymous(),
        area_uid=city.units["Q"].uid,
        phone="13800000003",
        call_name="小周",
        is_safe_now="no",
    )
    heartbeat.beat(heartbeat.WORKER)
    known = [
        *(f"/staff/warnings/{one.uid}/" for one in (opened, taken, unsafe)),
        f"/staff/cases/{case.uid}/",
        *(f"/staff/campaigns/{one.uid}/" for one in (course, plain)),
        *(
            f"/staff/campaigns/{course.uid}/{part}/"
            for part in ("capacity", "names", "standby", "roster", "quality")
        ),
        *(f"/staff/campaigns/{plain.uid}/{part}/" for part in ("plan", "plan/basics", "plan/steps")),
        *(f"/staff/campaigns/people/{course.row(place).uid}/" for place in (1, 2)),
        f"/staff/campaigns/people/{course.row(1).uid}/plan/",
        interview,
        "/staff/instruments/phq-9/",
        *("/q/", "/q/sw.js", "/healthz", "/ui/gallery/", "/ui/gallery/staff/", "/sign-in/first/"),
        f"/staff/results/{sitting}/",
        f"/staff/results/person/{city.residents['li-qing'].uid}/",
        f"/staff/interviews/new/{city.residents['li-qing'].uid}/",
        f"/results/{sitting}/",
        *(
            f"/staff/{part}/{city.residents['li-qing'].uid}/"
            for part in ("rights/person", "unreached/wishes")
        ),
        *("/me/plan/offline/", "/staff/linkages/", "/staff/people/"),
    ]
    return World(city, known)


def _employ(city: SmallCity, code: str, role: str, node: str) -> None:
    with unit_of_work(SYSTEM):
        account = accounts.create_account(actor=SYSTEM, kind="staff", login=code)
        person = network.add_staff_member(actor=SYSTEM, name=f"某{code[:2]}", account_id=account.id)
        unit = city.units["TF" if node == "C" else node]
        if node == "Q":
            unit = city.units["QC"]
        network.appoint(actor=SYSTEM, staff=person, unit=unit, post=Post.OFFICER, starts_on=small_city.SINCE)
        access.grant(actor=SYSTEM, account=account, role=role, node=city.units[node])
    city.accounts[code], city.staff[code] = account, person


def _answered(city: SmallCity, code: str) -> tuple[str, Any]:
    """A resident answers item 9 with 1: the sitting and its warning."""
    actor = city.actor(code)
    with unit_of_work(actor):
        sitting = assessments.start_sitting(
            actor=actor,
            instrument="phq-9",
            language="zh-Hans",
            age=30,
            scope_path=city.residents[code].scope_path,
        )
    for number, value in enumerate([0] * 8 + [1], start=1):
        save_answer.save(actor=actor, sitting_uid=sitting.uid, item=number, value=value)
    return sitting.uid, submit_questionnaire.submit(actor=actor, sitting_uid=sitting.uid).warning


def _case_from(city: SmallCity, warning: Any) -> Any:
    zhao = city.actor("zhao-ning")
    acknowledge_warning.acknowledge(actor=zhao, warning_uid=warning.uid)
    contact_person.log_contact(
        actor=zhao, warning_uid=warning.uid, channel=ContactChannel.PHONE, outcome=ContactOutcome.REACHED
    )
    assess_warning.assess(
        actor=zhao,
        warning_uid=warning.uid,
        level=Level.L3,
        findings=Findings(ideation="yes"),
        summary="有念头",
    )
    return open_case.open_case(
        actor=zhao, warning_uid=warning.uid, reason="需要连续的陪伴", legal_basis=LegalBasis.CONSENT
    )


def _interview(city: SmallCity) -> str:
    """An interview of 赵宁 with 李晴 that has begun; where it goes on."""
    client = Client()
    client.force_login(city.accounts["zhao-ning"], backend=BACKEND)
    draft = {"form": "gad-7|zh-Hans", "conduct": "interview", "consent": "agreed", "respondent": "self"}
    return str(client.post(f"/staff/interviews/new/{city.residents['li-qing'].uid}/", draft)["Location"])
