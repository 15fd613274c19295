"""The people who work in the network, as a plan: who they are, where they are posted, when they sit where."""

from dataclasses import dataclass, field
from datetime import date, datetime

from anxin.demo.forbidden import invented_person
from anxin.demo.network import UnitPlan
from anxin.demo.personas import Persona
from anxin.demo.roster import Shift

_HIGH_RISK_KINDS = frozenset({"therapist", "psychiatrist"})


@dataclass(slots=True, eq=False)
class PostingPlan:
    """One person at one unit."""

    staff: "StaffPlan"
    unit: UnitPlan
    post: str
    is_accountable: bool
    is_full_time: bool
    starts_on: date
    shifts: tuple[Shift, ...] = ()
    id: int = 0


@dataclass(slots=True, eq=False)
class StaffPlan:
    """One person: credentials as (kind, since), roles as (role, node).

    A training in one form is written as ``instrument_training:asq``.
    """

    name: str
    title: str
    login: str
    phone: str
    credentials: tuple[tuple[str, date], ...]
    grants: list[tuple[str, UnitPlan]] = field(default_factory=list)
    postings: list[PostingPlan] = field(default_factory=list)
    persona: Persona | None = None
    id: int = 0
    account_uid: str = ""

    def __post_init__(self) -> None:
        invented_person(self.name)

    @property
    def is_competent_for_high_risk(self) -> bool:
        """Counsellor with crisis training, or above."""
        kinds = {kind for kind, _ in self.credentials}
        return bool(kinds & _HIGH_RISK_KINDS) or {"counsellor", "crisis_training"} <= kinds


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody is away, and their seat stays empty."""

    posting: PostingPlan
    span: tuple[datetime, datetime]
    reason: str


@dataclass(slots=True)
class Workforce:
    """Everybody, and who sits where."""

    staff: list[StaffPlan] = field(default_factory=list)
    leaves: list[Leave] = field(default_factory=list)
    at_unit: dict[int, list[PostingPlan]] = field(default_factory=dict)

    def postings_at(self, unit: UnitPlan) -> list[PostingPlan]:
        """The postings of one unit, the accountable first."""
        return self.at_unit.get(id(unit), [])

    def postings(self) -> list[PostingPlan]:
        """Every posting."""
        return [posting for person in self.staff for posting in person.postings]
