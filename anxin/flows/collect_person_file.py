"""Everything that is kept about one person, for that person: what they look at and what they take away (PIPL 45).

Read in the person's own scope, so the inner wall decides too. What is protective stays out until the privacy officer
has released it, here as on the page.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anxin.domains.assessments import api as assessments
from anxin.domains.audit import api as audit
from anxin.domains.cases import api as cases
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Instrument, InstrumentError
from anxin.domains.notices import api as notices
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import ConsentTextUnknown
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import Viewer
from anxin.domains.risk import api as risk
from anxin.exchange.person import shape
from anxin.flows.collect_ward_file import requests_behind
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from anxin.domains.assessments.models import Sitting
    from anxin.domains.audit.models import AuditEvent
    from anxin.domains.residents.models import Consent, Resident

SYSTEM = Actor.system("person's page")


def collect(*, actor: Actor, language: str = "zh") -> shape.PersonFile:
    """The file of the person who asks."""
    person_id = _own_id(actor)
    withheld = withheld_from(actor)
    with unit_of_work(actor):
        person = residents.residents_queryset(actor=actor).get(id=person_id)
        return shape.PersonFile(
            format=shape.FORMAT,
            version=shape.VERSION,
            made_at=clock.now(),
            person=_person(person),
            kinds=[
                shape.Kind(
                    key=one.key,
                    title=one.title,
                    why=one.why,
                    basis=one.basis,
                    keeper=one.keeper,
                    until=one.until,
                )
                for one in rights.kinds_of_data(language=language)
            ],
            consents=[
                _consent(one, language) for one in residents.consents_of(actor=actor, resident_uid=person.uid)
            ],
            acts_without_consent=_acts(actor, person, withheld),
            sittings=[_sitting(one) for one in assessments.own_sittings(actor=actor)],
            calls=_calls(actor, person_id, withheld),
            support=[
                shape.SupportLine(
                    uid=one.uid,
                    number=one.number,
                    unit=one.unit,
                    opened_at=one.opened_at,
                    closed_at=one.closed_at,
                )
                for one in cases.support_of(actor=actor, resident_id=person_id)
                if one.uid not in withheld
            ],
            notices=[
                shape.NoticeLine(uid=one.uid, text=one.text, queued_at=one.queued_at, sent_at=one.sent_at)
                for one in notices.sent_to_person(actor=actor, resident_id=person_id, language=language)
                if one.uid not in withheld
            ],
            requests=_requests(actor),
            trail=[
                shape.LookLine(at=event.occurred_at, who=event.actor_label, event=event.event)
                for event in visible_trail(
                    audit.trail_of_person(actor=actor, person_uid=person.uid), person.uid, withheld
                )
            ],
        )


def take_copy(*, actor: Actor, language: str = "zh") -> shape.PersonFile:
    """The same, to take away: that leaves a line in the trail."""
    file = collect(actor=actor, language=language)
    with unit_of_work(actor):
        rights.note_copy(actor=actor, resident_id=_own_id(actor))
    return file


def forms_of(file: shape.PersonFile) -> Mapping[tuple[str, str], Instrument]:
    """The questionnaires the answers belong to, in the versions they were given under."""
    found = {}
    with unit_of_work(SYSTEM):
        for slug, version in {(one.instrument, one.version) for one in file.sittings}:
            try:
                found[slug, version] = instruments.published_version(slug, version)
            except InstrumentError:
                continue
    return found


def visible_trail(
    events: "QuerySet[AuditEvent]", person_uid: str, withheld: frozenset[str]
) -> "QuerySet[AuditEvent]":
    """The trail without what is withheld, and without what else was done in the same requests."""
    hidden = requests_behind(person_uid, withheld)
    return events.exclude(subject_uid__in=withheld).exclude(request_uid__in=hidden)


def withheld_from(actor: Actor) -> frozenset[str]:
    """The uids that may not be shown to the person themselves now."""
    with unit_of_work(SYSTEM):
        return rights.withheld_uids(actor=SYSTEM, resident_id=_own_id(actor), viewer=Viewer.PERSON)


def _own_id(actor: Actor) -> int:
    if actor.resident_id is None:
        raise NotPermitted
    return actor.resident_id


def _person(person: "Resident") -> shape.Person:
    return shape.Person(
        uid=person.uid,
        number=person.number,
        name=person.name,
        phone=person.phone,
        born_on=person.born_on,
        sex=person.sex,
        safe_hours=person.safe_hours,
        place=person.home_unit.name,
        since=person.created_at,
    )


def _consent(one: "Consent", language: str) -> shape.ConsentLine:
    try:
        title = residents.consent_text(purpose=one.purpose, language=language).title
    except ConsentTextUnknown:
        title = one.purpose
    return shape.ConsentLine(
        uid=one.uid,
        purpose=one.purpose,
        title=title,
        data_kinds=list(one.data_kinds),
        recipient=one.recipient,
        text_version=one.text_version,
        given_at=one.given_at,
        given_by=one.given_by,
        child_assented=one.child_assented,
        signed_on=one.signed_on,
        withdrawn_at=one.withdrawn_at,
        withdrawn_by=one.withdrawn_by,
    )


def _acts(actor: Actor, person: "Resident", withheld: frozenset[str]) -> list[shape.ActLine]:
    return [
        shape.ActLine(
            uid=one.uid,
            basis=one.basis,
            purpose=one.purpose,
            recipient=one.recipient,
            acted_at=one.acted_at,
            told_at=one.told_at,
        )
        for one in residents.acts_without_consent(actor=actor, resident_uid=person.uid)
        if one.uid not in withheld
    ]


def _sitting(one: "Sitting") -> shape.SittingLine:
    sheet: Any = getattr(one, "score_sheet", None)
    return shape.SittingLine(
        uid=one.uid,
        instrument=one.instrument,
        version=one.instrument_version,
        language=one.language,
        state=one.state,
        started_at=one.started_at,
        submitted_at=one.submitted_at,
        answers=list(one.answers),
        scores=dict(sheet.scores) if sheet else {},
        bands=[
            shape.BandLine(
                scale=band["scale"],
                label=band["label"],
                norm_set=band["norm_set"],
                population=band["population"],
                reference=band["reference"],
            )
            for band in (sheet.bands if sheet else ())
        ],
    )


def _calls(actor: Actor, person_id: int, withheld: frozenset[str]) -> list[shape.CallLine]:
    return [
        shape.CallLine(
            uid=one.uid,
            number=one.number,
            unit=one.unit,
            raised_at=one.raised_at,
            closed_at=one.closed_at,
            attempts=[
                shape.AttemptLine(at=attempt.tried_at, channel=attempt.channel, outcome=attempt.outcome)
                for attempt in one.attempts
            ],
        )
        for one in risk.calls_about(actor=actor, resident_id=person_id)
        if one.uid not in withheld
    ]


def _requests(actor: Actor) -> list[shape.RequestLine]:
    return [
        shape.RequestLine(
            uid=one.uid,
            number=one.number,
            kind=one.kind,
            state=one.state,
            text=one.text,
            requested_at=one.requested_at,
            decided_at=one.decided_at,
            decision=one.decision,
            reason=one.reason,
        )
        for one in rights.own_requests(actor=actor)
    ]
