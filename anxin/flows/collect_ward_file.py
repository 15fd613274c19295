"""What a guardian sees about a ward, and does for them: agreements, how self-tests went in general, who looked.

Everything a guardian meets is made here, for the page and for the copy alike, and from a list of what may be shown:
what is not on it is not there. What is protective, reported by duty or for the police stays out until the privacy
officer has released it, with every line of the trail that belongs to it. Raw answers, scores, talks, calls and cases
are on no list at all. From 14 on the results are the ward's, who may let a guardian see them.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from anxin.domains.archives import api as archives
from anxin.domains.archives.contracts import Ground
from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import SittingState
from anxin.domains.audit import api as audit
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import InstrumentError, PublicLevel
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import ConsentTextUnknown, GivenBy, LegalBasis, Purpose
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import Viewer
from anxin.domains.risk import api as risk
from anxin.exchange.person import ward as shape
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.archives.models import Guardianship
    from anxin.domains.assessments.models import Sitting
    from anxin.domains.audit.models import AuditEvent
    from anxin.domains.residents.models import ActWithoutConsent, Consent, Resident

SYSTEM = Actor.system("guardian's page")
LABEL = "guardian"
OF_AGE = 18
LOOKS_SHOWN = 100
# Looks at what a guardian is shown, too. A look at a warning, a case or a talk would tell that there is one.
_LOOKS = frozenset(
    {
        "archives:archive:viewed",
        "archives:guardian:linked",
        "residents:consent:given",
        "residents:consent:recorded",
        "residents:consent:withdrawn",
        "residents:consents:viewed",
        "residents:facts:corrected",
    }
)


@dataclass(frozen=True, slots=True)
class Ward:
    """Somebody the person answers for. ``uid`` is that of the guardianship."""

    uid: str
    name: str
    relation: str


def wards_of(actor: Actor) -> list[Ward]:
    """Everybody the person answers for today."""
    if actor.resident_id is None:
        return []
    with unit_of_work(SYSTEM):
        return [Ward(one.uid, _kept(one).name, one.relation) for one in _links(actor)]


def collect(*, actor: Actor, link_uid: str, language: str = "zh") -> shape.WardFile:
    """The general view of one ward; the look stands on the ward's own page. Raises ``NotFound``."""
    with unit_of_work(SYSTEM):
        link = _link(actor, link_uid)
        _note(actor, link, event="archives:ward:viewed")
        return _file(actor, link, language)


def demand_guardian(*, actor: Actor, link_uid: str) -> None:
    """Raise ``NotFound`` for everybody who does not answer for this ward today, before anything else is asked."""
    with unit_of_work(SYSTEM):
        _link(actor, link_uid)


def take_copy(*, actor: Actor, link_uid: str, language: str = "zh") -> shape.WardFile:
    """The same, to take away."""
    with unit_of_work(SYSTEM):
        link = _link(actor, link_uid)
        _note(actor, link, event="archives:ward-copy:taken")
        return _file(actor, link, language)


def take_back(*, actor: Actor, link_uid: str, purpose: Purpose | str) -> None:
    """Take an agreement back that a guardian gave, or one about a ward below 14; in force at once."""
    with unit_of_work(SYSTEM):
        link = _link(actor, link_uid)
        ward = _kept(link)
        standing = [
            one
            for one in residents.consents_of(actor=SYSTEM, resident_uid=ward.uid)
            if one.purpose == str(purpose) and _is_guardians(one, ward, link)
        ]
        if not standing:
            raise NotFound
        for one in standing:
            residents.withdraw_consent(
                actor=SYSTEM,
                resident_id=ward.id,
                purpose=purpose,
                recipient=one.recipient,
                withdrawn_by=GivenBy.GUARDIAN,
            )
        if purpose == Purpose.ARCHIVE:
            archives.lock_withdrawn(actor=SYSTEM, resident_id=ward.id)
        _note(actor, link, event="archives:ward-consent:withdrawn")


def _links(actor: Actor) -> "list[Guardianship]":
    today = clock.today()
    me = residents.residents_queryset(actor=SYSTEM).get(id=actor.resident_id)
    if me.born_on is None or residents.age_on(me.born_on, today) < OF_AGE:
        return []
    return [
        one
        for one in archives.guardianships_of_guardian(actor=SYSTEM, resident_id=me.id)
        if archives.is_guardian_on(today, starts_on=one.starts_on, ends_on=one.ends_on, ended_on=one.ended_on)
    ]


def _link(actor: Actor, uid: str) -> "Guardianship":
    if actor.resident_id is None:
        raise NotPermitted
    found = next((one for one in _links(actor) if one.uid == uid), None)
    if found is None:
        raise NotFound
    return found


def _kept(link: "Guardianship") -> "Resident":
    return link.ward.merged_into or link.ward


def _note(actor: Actor, link: "Guardianship", *, event: str) -> None:
    audit.record(actor=replace(actor, label=LABEL), event=event, subjects=[link.audit_subject()])


def _file(actor: Actor, link: "Guardianship", language: str) -> shape.WardFile:
    ward = _kept(link)
    rows = residents.rows_of_person(actor=SYSTEM, resident_id=ward.id)
    withheld = frozenset[str]().union(
        *(rights.withheld_uids(actor=SYSTEM, resident_id=one, viewer=Viewer.GUARDIAN) for one in rows)
    )
    released = frozenset[str]().union(*(rights.released_uids(actor=SYSTEM, resident_id=one) for one in rows))
    is_theirs = _results_are_theirs(ward, link)
    acts = residents.acts_without_consent(actor=SYSTEM, resident_uid=ward.uid)
    return shape.WardFile(
        format=shape.FORMAT,
        version=shape.VERSION,
        made_at=clock.now(),
        name=ward.name,
        relation=link.relation,
        unit=ward.home_unit.name,
        unit_uid=ward.home_unit.uid,
        until=link.ends_on,
        results_are_theirs=is_theirs,
        agreements=[
            _agreement(one, ward, link, language)
            for one in residents.consents_of(actor=SYSTEM, resident_uid=ward.uid)
            if one.uid not in withheld and not _is_for_a_crisis(one)
        ],
        results=[] if is_theirs else _results(actor, ward, withheld),
        acts=[_act(one) for one in acts if _may_know(one, withheld, released)],
        looks=_looks(actor, ward, withheld),
    )


def _results_are_theirs(ward: "Resident", link: "Guardianship") -> bool:
    if link.ground == Ground.ADJUDGED or residents.needs_guardian(ward.born_on, clock.today()):
        return False
    return not residents.has_consent(actor=SYSTEM, resident_id=ward.id, purpose=Purpose.GUARDIAN_VIEW)


def _is_for_a_crisis(consent: "Consent") -> bool:
    """Whether a child may give it alone so as to be helped; that a child asked for help is the child's to tell."""
    try:
        return residents.consent_text(purpose=consent.purpose).needed_in_crisis
    except ConsentTextUnknown:
        return True


def _is_guardians(consent: "Consent", ward: "Resident", link: "Guardianship") -> bool:
    if consent.withdrawn_at is not None or _is_for_a_crisis(consent) or consent.purpose == Purpose.ACCOUNT:
        return False
    is_child = residents.needs_guardian(ward.born_on, clock.today())
    return is_child or consent.given_by == GivenBy.GUARDIAN or link.ground == Ground.ADJUDGED


def _agreement(one: "Consent", ward: "Resident", link: "Guardianship", language: str) -> shape.Agreement:
    return shape.Agreement(
        title=residents.consent_text(purpose=one.purpose, language=language).title,
        recipient=one.recipient,
        given_on=_day(one.given_at),
        given_by=one.given_by,
        withdrawn_on=_day(one.withdrawn_at) if one.withdrawn_at else None,
        purpose=one.purpose if _is_guardians(one, ward, link) else "",
    )


def _results(actor: Actor, ward: "Resident", withheld: frozenset[str]) -> list[shape.General]:
    """Without those a warning rests on: about these somebody talks with the guardian, or has a reason not to."""
    in_their_place = replace(actor, resident_id=ward.id, resident_uid=ward.uid)
    behind = risk.sittings_behind_warnings(actor=SYSTEM, resident_id=ward.id)
    found = assessments.own_sittings(actor=in_their_place).filter(state=SittingState.SUBMITTED)
    return [
        shape.General(instrument=one.instrument, on=_day(one.submitted_at), level=_level(one).value)
        for one in found
        if one.id not in behind and one.uid not in withheld
    ]


def _level(sitting: "Sitting") -> PublicLevel:
    try:
        form = instruments.published_version(sitting.instrument, sitting.instrument_version)
        return instruments.public_outcome(instruments.score(form, tuple(sitting.answers))).level
    except InstrumentError:
        return PublicLevel.UNKNOWN


def _may_know(act: "ActWithoutConsent", withheld: frozenset[str], released: frozenset[str]) -> bool:
    """A protective act needs a release, even when nobody has marked it."""
    if LegalBasis(act.basis).is_protective:
        return act.uid in released
    return act.uid not in withheld


def _act(one: "ActWithoutConsent") -> shape.Act:
    return shape.Act(basis=one.basis, on=_day(one.acted_at))


def _looks(actor: Actor, ward: "Resident", withheld: frozenset[str]) -> list[shape.Look]:
    events = audit.trail_of_person(actor=SYSTEM, person_uid=ward.uid)
    hidden = requests_behind(ward.uid, withheld)
    shown = events.filter(event__in=_LOOKS).exclude(actor_uid=actor.uid).exclude(request_uid__in=hidden)
    return [
        shape.Look(
            at=one.occurred_at,
            who=one.actor_label if one.actor_kind == "staff" else "",
            actor_uid=one.actor_uid,
            actor_kind=one.actor_kind,
            event=one.event,
        )
        for one in shown.exclude(subject_uid__in=withheld)[:LOOKS_SHOWN]
    ]


def requests_behind(person_uid: str, withheld: frozenset[str]) -> frozenset[str]:
    """The requests in which something withheld was done or read: what else they left in the trail would tell of it."""
    if not withheld:
        return frozenset()
    with unit_of_work(SYSTEM):
        events: list[AuditEvent] = list(
            audit.trail_of_person(actor=SYSTEM, person_uid=person_uid).filter(subject_uid__in=withheld)
        )
    return frozenset(one.request_uid for one in events if one.request_uid)


def _day(moment: object) -> date:
    return clock.local(moment).date()  # type: ignore[arg-type]
