"""Requests about one's own data at every stage, what waits for the privacy officer, and a child 李晴 answers for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from anxin.demo.bulk import Uids, insert, take_ids, take_numbers
from anxin.demo.people import PERSONA, Population
from anxin.demo.personas import BY_CODE
from anxin.demo.records import sealed
from anxin.domains.archives.contracts import Ground, Relation
from anxin.domains.residents import api as residents_room
from anxin.domains.residents.contracts import GivenBy, LegalBasis, Purpose
from anxin.domains.rights import api as rights_room
from anxin.domains.rights.contracts import SCOPE
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.calendar import working_days
from anxin.kernel.working_days import add_working_time

ACTOR = Actor.system("city")
_OFFICER = BY_CODE["deng-yan"].name
_REPORTER = BY_CODE["zhao-ning"].name
_LIUAN = "柳岸社区心灵驿站"
_OF_AGE = 18


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request: how many days ago, and how far it has come."""

    days: int
    kind: str
    state: str
    text: str
    changes: str = ""
    decision: str = ""
    reason: str = ""


_WAITING = (
    _Asked(13, "delete", "identity_verified", "请删掉我以前的记录。"),
    _Asked(5, "correct", "requested", "登记的名字有一个字不对。", changes='{"sex": "f"}'),
    _Asked(3, "restrict", "identity_verified", ""),
    _Asked(1, "explain", "identity_verified", "为什么两个驿站都给我打过电话？"),
)
_CLOSED = (
    _Asked(
        40,
        "delete",
        "closed",
        "",
        decision="partly",
        reason="短信已删除；服务记录依法须留存，已封存，到期前不再使用。",
    ),
    _Asked(25, "correct", "closed", "", changes='{"sex": "m"}', decision="granted"),
    _Asked(
        20,
        "correct",
        "closed",
        "出生日期改早一年。",
        changes='{"born_on": "1989-01-01"}',
        decision="refused",
        reason="与出示的证件不一致。请带证件到驿站核对后再提出。",
    ),
)
_OF_PERSONA = _Asked(
    60,
    "explain",
    "closed",
    "上次为什么有人联系我？",
    decision="granted",
    reason="您在自测里有一个回答让人放心不下，所以离您最近的驿站当天联系了您。联系的经过您在“谁看过我的记录”里能看到。",
)


def write_rights(population: Population, rng: Random, uids: Uids, now: datetime) -> int:
    """The requests, a protective entry, and a child of the persona; how many requests."""
    grown = [
        index
        for index in range(1, min(len(population), 4000))
        if population.has_account[index] and population.age_of(index, clock.today()) >= _OF_AGE
    ]
    askers = rng.sample(grown, min(len(grown), len(_WAITING) + len(_CLOSED)))
    pairs = [(PERSONA, _OF_PERSONA), *zip(askers, (*_WAITING, *_CLOSED), strict=False)]
    _write_requests(population, pairs, uids, now)
    minors = _minors(population)
    if minors:
        _write_ward(population, minors[0], uids, now)
    if len(minors) > 1:
        _write_protected(population, minors[1], uids, now)
    return len(pairs)


def _minors(population: Population) -> list[int]:
    """Those of 柳岸 first, whom its people meet, and the youngest first, whose results a guardian sees."""
    today, here = clock.today(), set(population.at_home(_LIUAN))
    found = [one for one in range(1, len(population)) if population.age_of(one, today) < _OF_AGE]
    return sorted(found, key=lambda one: (one not in here, population.age_of(one, today), one))


def _people(population: Population, indices: Iterable[int]) -> dict[int, Any]:
    ids = {population.id_of(index): index for index in indices}
    met = residents_room.residents_queryset(actor=ACTOR).filter(id__in=list(ids))
    return {ids[one.id]: one for one in met}


def _write_requests(
    population: Population, pairs: list[tuple[int, _Asked]], uids: Uids, now: datetime
) -> None:
    people = _people(population, (index for index, _asked in pairs))
    numbers = take_numbers("rights_number", len(pairs))
    limits = rights_room.clocks()
    rows, steps = [], []
    for row_id, (index, asked) in zip(take_ids("rights_subjectrequest", len(pairs)), pairs, strict=True):
        person, at = people[index], now - timedelta(days=asked.days, minutes=index % 300)
        proved = asked.state != "requested"
        done = at + timedelta(days=4) if asked.decision else None
        fulfilled = done if asked.decision in ("granted", "partly") else None
        rows.append(
            (
                *(row_id, uids.at(at), f"Q{next(numbers):07d}", person.id, person.number, person.uid),
                *(SCOPE + person.scope_path, asked.kind, asked.state, "self"),
                sealed(asked.text, "rights_subjectrequest.text"),
                sealed(asked.changes, "rights_subjectrequest.changes"),
                at,
                add_working_time(at, working_days(limits["acknowledge_working_days"])),
                at + timedelta(days=limits["decide_days"]),
                *(at if proved else None, "phone_code" if proved else ""),
                *(done, asked.decision, sealed(asked.reason, "rights_subjectrequest.reason")),
                *(_OFFICER if done else "", fulfilled, done),
            )
        )
        steps += [(uids.at(when), row_id, *step) for when, *step in _steps(asked, at, done)]
    insert(
        "rights_subjectrequest",
        (
            *("id", "uid", "number", "resident_id", "person_number", "person_uid", "scope_path", "kind"),
            *("state", "asked_by", "text", "changes", "requested_at", "acknowledge_due_at"),
            *("decide_due_at", "verified_at", "proof", "decided_at", "decision", "reason", "decided_by"),
            *("fulfilled_at", "closed_at"),
        ),
        rows,
    )
    insert(
        "rights_requestentry",
        ("uid", "request_id", "state", "happened_at", "author_kind", "author_label"),
        steps,
    )


def _steps(asked: _Asked, at: datetime, done: datetime | None) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = [(at, "requested", at, "resident", "resident")]
    if asked.state != "requested":
        found.append((at, "identity_verified", at, "resident", "resident"))
    if done is not None:
        found.append((done, "decided", done, "staff", _OFFICER))
        if asked.decision != "refused":
            found.append((done, "fulfilled", done, "system", "subject rights"))
        found.append((done, "closed", done, "staff", _OFFICER))
    return found


def _write_ward(population: Population, index: int, uids: Uids, now: datetime) -> None:
    child = _people(population, [index])[index]
    at, born_on = now - timedelta(days=90), child.born_on
    insert(
        "archives_guardianship",
        (
            *("uid", "ward_id", "guardian_id", "scope_path", "name", "phone", "relation", "ground"),
            *("evidence", "starts_on", "ends_on"),
        ),
        [
            (
                *(uids.at(at), child.id, population.id_of(PERSONA), child.scope_path),
                sealed(BY_CODE["li-qing"].name, "archives_guardianship.name"),
                sealed(BY_CODE["li-qing"].login, "archives_guardianship.phone"),
                *(Relation.PARENT.value, Ground.MINOR.value),
                sealed("户口簿", "archives_guardianship.evidence"),
                *(at.date(), _eighteenth(born_on)),
            )
        ],
    )
    text = residents_room.consent_text(purpose=Purpose.GUARDIAN_VIEW)
    insert(
        "residents_consent",
        (
            *("uid", "resident_id", "purpose", "data_kinds", "recipient", "text_version", "given_at"),
            *("given_by", "recorded_by", "withdrawn_by"),
        ),
        [
            (
                *(uids.at(at), child.id, text.purpose.value, text.data_kinds, "", text.version, at),
                *(GivenBy.SELF.value, "", ""),
            )
        ],
    )


def _eighteenth(born_on: date) -> date:
    leap = (born_on.month, born_on.day) == (2, 29)
    return date(born_on.year + _OF_AGE, 3, 1) if leap else born_on.replace(year=born_on.year + _OF_AGE)


def _write_protected(population: Population, index: int, uids: Uids, now: datetime) -> None:
    child, at = _people(population, [index])[index], now - timedelta(hours=20)
    act, why = uids.at(at), LegalBasis.MANDATORY_REPORT.value
    reason = "孩子说手臂上的伤是家里人打的，已向派出所报告。"
    insert(
        "residents_actwithoutconsent",
        ("uid", "resident_id", "basis", "purpose", "recipient", "reason", "acted_at", "acted_by"),
        [
            (
                *(act, child.id, why, Purpose.CONTACT_BACK.value, "派出所"),
                *(sealed(reason, "residents_actwithoutconsent.reason"), at, _REPORTER),
            )
        ],
    )
    insert(
        "rights_protectedentry",
        (
            *("uid", "resident_id", "person_number", "person_uid", "scope_path", "subject_uid", "why"),
            *("reason", "marked_at", "marked_by"),
        ),
        [
            (
                *(uids.at(at), child.id, child.number, child.uid, SCOPE + child.scope_path, act, why),
                *(sealed(reason, "rights_protectedentry.reason"), at, _REPORTER),
            )
        ],
    )
