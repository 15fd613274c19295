"""A small city in which a person can be passed on: up to a therapist, on to the hospital, down to another station."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from anxin.domains.access import api as access
from anxin.domains.accounts import api as accounts
from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import EntryDraft, EntryKind
from anxin.domains.cases.contracts import LegalBasis as CaseBasis
from anxin.domains.network import api as network
from anxin.domains.network.contracts import Post
from anxin.domains.referrals.contracts import ConsentScope, Evidence, LegalBasis, Urgency
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome, Level, Source, Stage
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import CredentialDraft, CredentialKind, Tier
from anxin.flows import refer, work_on_case
from anxin.flows.ladders import draw_clock, draw_for_case
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.ids import new_uid
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SYSTEM = Actor.system("test")
_serial = itertools.count(1)
ALL = frozenset(Evidence)
A_CALL = EntryDraft(EntryKind.CONTACT, "接通。", ContactChannel.PHONE, ContactOutcome.NO_ANSWER)
AGREED = ConsentScope(evidence=ALL, how="当面同意，本人在场签字。")

# code, name, unit, post, credential, role, node
_MORE = (
    ("jiang-tong", "江彤", "QC", Post.THERAPIST, CredentialKind.THERAPIST, "therapist", "QC"),
    ("ye-qiu", "叶秋", "SC", Post.THERAPIST, CredentialKind.THERAPIST, "therapist", "SC"),
    ("luo-yi", "罗一", "HOSP", Post.PSYCHIATRIST, CredentialKind.PSYCHIATRIST, "psychiatrist", "HOSP"),
)


@dataclass
class Town:
    """The city, and a case in the hands of the station."""

    city: small_city.SmallCity
    case: Any

    def actor(self, code: str) -> Actor:
        """Of a persona."""
        return self.city.actor(code)

    def unit(self, number: str) -> Any:
        """Of the network."""
        return self.city.units[number]


def more_people(city: small_city.SmallCity) -> None:
    """A therapist at both county centres, a psychiatrist at the hospital."""
    with unit_of_work(SYSTEM):
        for code, name, unit, post, kind, role, node in _MORE:
            account = accounts.create_account(actor=SYSTEM, kind="staff", login=code)
            person = network.add_staff_member(actor=SYSTEM, name=name, account_id=account.id)
            network.appoint(
                actor=SYSTEM, staff=person, unit=city.units[unit], post=post, starts_on=small_city.SINCE
            )
            draft = CredentialDraft(
                staff_id=person.id, kind=kind, valid_from=small_city.SINCE, verified_on=small_city.SINCE
            )
            workforce.record_credential(actor=SYSTEM, draft=draft)
            access.grant(actor=SYSTEM, account=account, role=role, node=city.units[node])
            city.accounts[code], city.staff[code] = account, person


def a_case_in(city: small_city.SmallCity, level: Level = Level.L3) -> Any:
    """赵宁's case about 李晴, with a call written down."""
    case = a_case(city, "li-qing", "zhao-ning", level)
    work_on_case.add_entry(actor=city.actor("zhao-ning"), case_uid=case.uid, entry=A_CALL)
    return case


def a_town(level: Level = Level.L3) -> Town:
    """The city with somebody at every tier, and an open case at the station."""
    city = small_city.build()
    more_people(city)
    return Town(city, a_case_in(city, level))


def a_case(city: small_city.SmallCity, resident: str, manager: str, level: Level = Level.L3) -> Any:
    """A case about somebody, opened by the manager."""
    person, actor = city.residents[resident], city.actor(manager)
    with unit_of_work(SYSTEM):
        uid = new_uid()
        alarm = risk.Alarm(
            source=Source.STAFF,
            source_key=uid,
            level=level,
            reasons=(),
            unit_id=person.home_unit_id,
            scope_path=person.scope_path,
            resident_id=person.id,
        )
        drawn = draw_clock(unit_id=person.home_unit_id, level=level, stage=Stage.ACKNOWLEDGE, subject_uid=uid)
        warning = risk.raise_warning(
            actor=SYSTEM, alarm=alarm, order=drawn.order, reach=drawn.reach, route_reason="test"
        )
        warning.assessed_at = clock.now()
        warning.save(update_fields=["assessed_at"])
    with unit_of_work(actor):
        me = network.candidate_for(
            staff_id=city.staff[manager].id, unit_id=person.home_unit_id, at=clock.now()
        )
        assert me is not None
        return cases.open_case(
            actor=actor,
            warning=warning,
            manager_posting_id=me.posting_id,
            legal_basis=CaseBasis.CONSENT,
            reason="评估为高风险，需要持续陪伴",
            draw=draw_for_case(unit_id=person.home_unit_id, level=level, manager=me),
        )


def a_wish(unit: Any, **changes: Any) -> refer.Wish:
    """What a sender writes."""
    fields: dict[str, Any] = {
        "to_unit_uid": unit.uid,
        "tier": Tier.THERAPIST,
        "urgency": Urgency.ROUTINE,
        "reason": "两周来睡不好，希望进一步帮助。",
        "basis": "面谈评估，有过念头，没有计划。",
        "measures": "每周见面，家人陪伴。",
        "legal_basis": LegalBasis.CONSENT,
    }
    return refer.Wish(**{**fields, **changes})


def sent(town: Town, to: str = "QC", *, scope: ConsentScope = AGREED, **changes: Any) -> Any:
    """A referral on its way."""
    actor = town.actor("zhao-ning")
    draft = refer.draft(actor=actor, wish=a_wish(town.unit(to), **changes), case_uid=town.case.uid)
    refer.record_consent(actor=actor, uid=draft.uid, scope=scope)
    return refer.send(actor=actor, uid=draft.uid)
