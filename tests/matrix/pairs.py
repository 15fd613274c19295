"""The policy-pair table: for every rule about one row, and the filter for many that goes with it, who passes.

Each line says it in words of the city (which right, at which node, whose row), never with the code under test. A rule
without a filter has a line too: nothing in a ``policies.py`` is judged by its neighbour alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.db import transaction
from django.db.models import QuerySet

from anxin.domains.access.library import load_roles
from anxin.domains.campaigns.contracts import Permission as Campaigns
from anxin.domains.instruments.contracts import Permission as Instruments
from anxin.domains.network.models import Unit
from anxin.domains.referrals.contracts import Side
from anxin.kernel.actor import ActorKind
from anxin.kernel.errors import NotPermitted
from tests.matrix import between_units
from tests.matrix.pair_world import COVERS, PairWorld, Thing, Who, every_permission

_NEIGHBOURS = ("residents.view", "indicators.")
Special = Callable[[Who, Thing], bool]


@dataclass(frozen=True)
class Opens:
    """Who passes, in words.

    ``rights``: held at the row's place or above it. ``meets_people``: the outer wall is open there. ``own``: the person
    whose row it is. ``house``: a program of the house. ``staff_only``: nobody passes by a right who is no colleague.
    ``anywhere``: the right at any node. ``in_city``: at the root. ``special``: anything else that opens it. ``lent``:
    a right that came with a record opened for an hour.
    """

    rights: tuple[str, ...] = ()
    meets_people: bool = False
    own: frozenset[str] = frozenset()
    house: bool = True
    staff_only: bool = False
    anywhere: bool = False
    in_city: bool = False
    special: Special | None = None
    lent: tuple[str, ...] = ()

    def passes(self, who: Who, thing: Thing) -> bool:
        """Whether ``who`` passes at ``thing``."""
        if who.actor.is_system:
            return self.house
        if thing.owner and thing.owner == who.person and who.actor.kind.value in self.own:
            return True
        if self.special and self.special(who, thing):
            return True
        if self.staff_only and who.actor.kind is not ActorKind.STAFF:
            return False
        if any((right, thing.about) in who.lent for right in self.lent):
            return True
        if self.meets_people and any(thing.place in COVERS[node] for node in who.identified_at):
            return True
        return any(self._covers(node, thing) for right, node in who.held if right in self.rights)

    def _covers(self, node: str, thing: Thing) -> bool:
        if self.anywhere:
            return True
        return node == "C" if self.in_city else bool({thing.place, thing.also} & COVERS[node])


@dataclass(frozen=True)
class Line:
    """One rule of one room: the rows it speaks of, the rule for one, the filter for many, and who passes."""

    room: str
    kind: str
    can: str = ""
    many: str = ""
    opens: Opens = field(default_factory=Opens)
    call: Callable[..., bool] | None = None
    rows: Callable[[PairWorld, list[Thing]], QuerySet[Any]] | None = None
    variant: str = ""

    def faults(self, world: PairWorld) -> Iterator[str]:
        """Where the rules and this line disagree."""
        policies = import_module(f"anxin.domains.{self.room}.policies")
        things = world.rows[self.kind]
        for who in (one for one in world.everybody if self._matters(one)):
            expected = {thing.name for thing in things if self.opens.passes(who, thing)}
            for thing in things:
                vars(thing.row or thing).pop("_helping", None)  # what a row remembers of an earlier question
            if self.can:
                rule = getattr(policies, self.can)
                ask = partial(self.call, rule) if self.call else rule
                allowed = {thing.name for thing in things if _answer(ask, who, thing) is True}
                yield from self._differences(self.can, who, expected, allowed)
            if self.many:
                rows = self.rows(world, things) if self.rows else _rows_of(things)
                shown = set(getattr(policies, self.many)(who.actor, rows).values_list("pk", flat=True))
                seen = {thing.name for thing in things if thing.row.pk in shown}
                yield from self._differences(self.many, who, expected, seen)

    def _matters(self, who: Who) -> bool:
        """Rights of this room and a few of the others: no file asks for the rest, and the table is asked often."""
        rights = {right for right, _node in who.held}
        return len(rights) != 1 or any(right.startswith((f"{self.room}.", *_NEIGHBOURS)) for right in rights)

    def _differences(self, rule: str, who: Who, expected: set[str], found: set[str]) -> Iterator[str]:
        name = f"{self.room}.{rule}{f' ({self.variant})' if self.variant else ''}: {who.name}"
        for thing in sorted(found - expected):
            yield f"{name} must not pass at {thing}"
        for thing in sorted(expected - found):
            yield f"{name} must pass at {thing}"


def _rows_of(things: list[Thing]) -> QuerySet[Any]:
    return type(things[0].row)._default_manager.filter(pk__in=[thing.row.pk for thing in things])


def _answer(ask: Callable[..., object], who: Who, thing: Thing) -> object:
    """The answer of the rule; asked with the actor and the row."""
    return ask(who.actor, thing.row)


def demands(rule: Callable[..., None], actor: Any, *_row: Any) -> bool:
    """A rule that raises instead of answering."""
    try:
        rule(actor)
    except NotPermitted:
        return False
    return True


def _strictly_above(who: Who, thing: Thing) -> bool:
    return any(
        right == Campaigns.REVIEW and thing.place in COVERS[node] and node != thing.place
        for right, node in who.held
    )


def _reached(right: str) -> Special:
    """A warning is seen at the nodes it came to; once it is late, by everybody above."""

    def special(who: Who, thing: Thing) -> bool:
        return any(
            held == right
            and thing.place in COVERS[node]
            and ("late" in thing.traits or f"reached {node}" in thing.traits)
            for held, node in who.held
        )

    return special


def _on_case(right: str) -> Special:
    """A right to act needs sight of the case, by right or as its manager; being the manager gives no right."""

    def special(who: Who, thing: Thing) -> bool:
        covering = {held for held, node in who.held if thing.place in COVERS[node]}
        sees = (
            "cases.view" in covering or thing.owner == who.person or ("cases.view", thing.about) in who.lent
        )
        return right in covering and sees

    return special


def _published(who: Who, thing: Thing) -> bool:
    return "open" in thing.traits and any(right == Instruments.VIEW for right, _ in who.held)


_CAMPAIGN_WORK = (Campaigns.PLAN, Campaigns.REVIEW, Campaigns.RUN, Campaigns.INTERVIEW)
_LIBRARY_WORK = (Instruments.EDIT, Instruments.REVIEW, Instruments.PUBLISH)
_WATCHING = ("platform_admin", "security_officer", "auditor")
_OWN_STAFF, _OWN_RESIDENT = frozenset({"staff"}), frozenset({"resident"})


def _lines() -> Iterator[Line]:
    yield from _office_lines()
    yield from _people_lines()
    yield from _campaign_lines()
    yield from _work_lines()
    yield from _library_lines()
    yield from _archive_lines()
    yield from _rights_lines()
    yield from _first_lines()
    yield from _between_lines()


def _office_lines() -> Iterator[Line]:
    for name in ("counsellor", "county_manager", *_WATCHING):
        role = load_roles()[name]
        right = "access.manage_tenant" if name in _WATCHING else "access.manage"
        yield Line(
            "access",
            "place",
            "can_grant",
            opens=Opens((right,)),
            call=lambda rule, actor, row, role=role: rule(actor, role, row.path),
            variant=name,
        )
    for name, rights in (
        ("counsellor", ("access.manage", "access.invite")),
        ("station_manager", ("access.manage", "access.invite")),
        ("county_manager", ("access.manage",)),
        *((name, ("access.manage_tenant",)) for name in _WATCHING),
    ):
        role = load_roles()[name]
        yield Line(
            "access",
            "place",
            "can_invite",
            opens=Opens(rights),
            call=lambda rule, actor, row, role=role: rule(actor, role, row.path),
            variant=name,
        )
    yield Line("access", "link", "can_view_link", "visible_links", Opens(("access.manage", "access.invite")))
    yield Line(
        "access", "grant", "can_view_grant", "visible_grants", Opens(("access.manage",), own=_OWN_STAFF)
    )
    manages = Opens(("accounts.manage",), anywhere=True)
    yield from _paper_lines()
    yield Line("accounts", "account", "can_manage_account", "manageable_accounts", manages)
    yield Line("accounts", "nothing", "demand_manage", opens=manages, call=demands)
    yield Line("accounts", "nothing", "demand_house", opens=Opens(), call=demands)
    yield Line(
        "accounts",
        "own account",
        "demand_own_or_manage",
        opens=Opens(("accounts.manage",), anywhere=True, own=_OWN_STAFF),
        call=lambda rule, actor, row: demands(lambda one: rule(one, row), actor),
    )
    yield Line("network", "unit", "can_manage_unit", "manageable_units", Opens(("network.manage",)))
    yield Line(
        "network",
        "nothing",
        "can_manage_divisions",
        opens=Opens(("network.manage",), in_city=True),
        call=lambda rule, actor, _row: rule(actor),
    )
    roster = ("network.manage_roster", "network.manage")
    yield Line("network", "unit", "can_manage_roster", opens=Opens(roster))
    yield Line(
        "network", "unit", "can_view_roster", "visible_rosters", Opens(("network.view_roster", *roster))
    )
    yield Line(
        "network",
        "nothing",
        "require",
        opens=Opens(house=False),
        call=lambda rule, _actor, _row: demands(rule, False) or not demands(rule, True),
    )
    yield Line(
        "workforce",
        "staff",
        "can_manage_credentials",
        opens=Opens(
            ("workforce.manage",),
            special=lambda who, thing: not thing.place and ("workforce.manage", "C") in who.held,
        ),
        call=lambda rule, actor, row: rule(actor, row.staff_id),
    )
    yield Line(
        "workforce",
        "credential",
        "can_view_credentials",
        "visible_credentials",
        Opens(("workforce.view",), own=_OWN_STAFF),
        call=lambda rule, actor, row: rule(actor, row.staff_id),
    )


def _paper_lines() -> Iterator[Line]:
    review, approve, ledger = "access.review_openings", "access.approve_exports", "access.read_exports"
    yield Line(
        "access",
        "nothing",
        "can_break_glass",
        opens=Opens(("access.break_glass",), anywhere=True, staff_only=True, house=False),
        call=lambda rule, actor, _row: rule(actor),
    )
    own = Opens((review,), own=_OWN_STAFF, staff_only=True)
    yield Line("access", "opening", "can_view_opening", "visible_openings", own)
    yield Line("access", "opening", "can_review", opens=Opens((review,), staff_only=True, house=False))
    seen = Opens((approve, ledger), own=_OWN_STAFF, staff_only=True)
    yield Line("access", "export", "can_view_export", "visible_exports", seen)
    yield Line("access", "export", "can_decide_export", opens=Opens((approve,), staff_only=True, house=False))


def _at(who: Who, right: str, thing: Thing) -> bool:
    """The right at the place or above it; at an archive in custody, at its station only."""
    if "custody" in thing.traits:
        return (right, thing.place) in who.held
    return any(held == right and thing.place in COVERS[node] for held, node in who.held)


def _is_helping(who: Who, thing: Thing) -> bool:
    return f"by {who.person}" in thing.traits


def _helps(who: Who, thing: Thing) -> bool:
    covered = any(held == "archives.view" and thing.place in COVERS[node] for held, node in who.held)
    return covered and _is_helping(who, thing)


def _reads_archive(who: Who, thing: Thing) -> bool:
    if who.actor.kind is not ActorKind.STAFF:
        return False
    in_use = "restricted" not in thing.traits
    lent = ("archives.view", thing.about) in who.lent
    return lent or (in_use and (_at(who, "archives.read_unit", thing) or _helps(who, thing)))


def _sees_archive(who: Who, thing: Thing) -> bool:
    is_staff = who.actor.kind is ActorKind.STAFF
    managed = (
        _at(who, "archives.view_meta", thing) or _at(who, "archives.read_unit", thing) or _helps(who, thing)
    )
    return _reads_archive(who, thing) or (is_staff and managed)


def _writes_archive(who: Who, thing: Thing) -> bool:
    covered = any(right == "archives.write" and thing.place in COVERS[node] for right, node in who.held)
    return covered and _reads_archive(who, thing)


def _assigns(who: Who, thing: Thing) -> bool:
    manages = who.actor.kind is ActorKind.STAFF and _at(who, "archives.assign", thing)
    return manages or _writes_archive(who, thing)


def _at_either(*rights: str) -> Special:
    """At LIUAN or at WANGQIAO, or above one of them."""

    def special(who: Who, _thing: Thing) -> bool:
        return any(right in rights and COVERS[node] & {"LIUAN", "WANGQIAO"} for right, node in who.held)

    return special


def _archive_lines() -> Iterator[Line]:
    yield Line(
        "archives",
        "archive",
        "helped_by",
        opens=Opens(house=False, special=_is_helping),
        call=lambda rule, actor, row: row.resident_id in rule(actor),
    )
    yield Line("archives", "archive", "is_helping", opens=Opens(house=False, special=_is_helping))
    for can, many, special, own in (
        ("can_read_archive", "readable_archives", _reads_archive, _OWN_RESIDENT),
        ("can_see_archive", "visible_archives", _sees_archive, _OWN_RESIDENT),
        ("can_write_archive", "", _writes_archive, frozenset[str]()),
        ("can_assign", "", _assigns, frozenset[str]()),
    ):
        yield Line("archives", "archive", can, many, Opens(own=own, special=special))
    both = Opens(special=_at_either("archives.assign", "archives.write"))
    yield Line("archives", "transfer", "can_see_transfer", "visible_transfers", both)
    merges = Opens(special=_at_either("archives.merge"))
    yield Line("archives", "merge", "can_see_merge", "visible_merges", merges)
    team = Opens(house=False, special=lambda who, _thing: ("archives.view", "LIUAN") in who.held)
    yield Line("archives", "contract", "is_in_team", "contracts_of_team", team)


def _rights_lines() -> Iterator[Line]:
    decide = ("rights.decide",)
    yield Line(
        "rights",
        "request",
        "can_view_request",
        "visible_requests",
        Opens(decide, own=_OWN_RESIDENT, staff_only=True),
    )
    yield Line("rights", "request", "can_decide", opens=Opens(decide, staff_only=True, house=False))
    yield Line(
        "rights", "protected", "can_view_protected", "visible_protected", Opens(decide, staff_only=True)
    )
    yield Line(
        "rights",
        "place",
        "officer",
        opens=Opens(house=False, special=lambda who, thing: ("rights.decide", thing.place) in who.held),
        call=lambda rule, actor, row: f"rights:{row.path}" in rule(actor).identified_paths,
    )


def _before_the_city(room: str, rule: Callable[..., object]) -> Callable[..., bool]:
    """The rule as it answers while no network was made: only the house may begin."""
    nobody = SimpleNamespace(objects=Unit.objects.none())
    hidden = {
        "network": mock.patch("anxin.domains.network.policies.Unit", nobody),
        "instruments": mock.patch("anxin.domains.instruments.policies.network.city", return_value=None),
        "workforce": mock.patch("anxin.domains.workforce.policies.network.city", return_value=None),
    }

    def answer(*args: object) -> bool:
        with hidden[room]:
            return bool(rule(*args))

    return answer


def _first_lines() -> Iterator[Line]:
    yield Line(
        "network",
        "nothing",
        "can_manage_divisions",
        call=lambda rule, actor, _row: _before_the_city("network", rule)(actor),
        variant="before there is a city",
    )
    yield Line(
        "instruments",
        "nothing",
        "may_in_city",
        call=lambda rule, actor, _row: _before_the_city("instruments", rule)(actor, Instruments.EDIT),
        variant="before there is a city",
    )
    yield Line(
        "workforce",
        "posted nowhere",
        "can_manage_credentials",
        call=lambda rule, actor, row: _before_the_city("workforce", rule)(actor, row.staff_id),
        variant="before there is a city",
    )


def _people_lines() -> Iterator[Line]:
    yield Line(
        "residents",
        "resident",
        "can_view_resident",
        "visible_residents",
        Opens(("residents.view",), own=_OWN_RESIDENT, staff_only=True, lent=("residents.view",)),
    )
    yield Line(
        "residents",
        "resident",
        "can_write_for",
        opens=Opens(own=_OWN_RESIDENT),
        call=lambda rule, actor, row: rule(actor, row.id),
    )
    yield Line(
        "assessments",
        "sitting",
        "can_view_sitting",
        "visible_sittings",
        Opens(("assessments.read_result",), own=_OWN_RESIDENT, lent=("assessments.read_result",)),
    )
    yield Line(
        "assessments",
        "sitting",
        "can_read_answers",
        opens=Opens(("assessments.read_answers",), lent=("assessments.read_answers",)),
    )
    yield Line(
        "assessments",
        "sitting",
        "can_administer",
        "administrable_sittings",
        Opens(("assessments.administer",), staff_only=True, house=False),
    )
    yield Line(
        "conversations",
        "thread",
        "can_take_part",
        "threads_open_to",
        Opens(meets_people=True, own=_OWN_RESIDENT, staff_only=True),
    )
    yield Line(
        "notices",
        "notice",
        "can_read_notice",
        "readable_notices",
        Opens(own=_OWN_STAFF | _OWN_RESIDENT),
    )
    yield Line("notices", "message", "can_follow_up", "followed_messages", Opens(("notices.follow_up",)))
    yield Line("notices", "use", "can_view_use", "visible_uses", Opens(("notices.view_quota",)))
    wish = Opens(("notices.set_contact",), own=_OWN_RESIDENT, staff_only=True)
    yield Line("notices", "wish", "can_view_wish", opens=wish)
    yield Line(
        "notices",
        "wish",
        "can_set_wish",
        opens=wish,
        call=lambda rule, actor, row: rule(actor, resident_id=row.resident_id, scope_path=row.scope_path),
    )


def _campaign_lines() -> Iterator[Line]:
    for permission in Campaigns:
        yield Line(
            "campaigns",
            "campaign",
            "may_on_campaign",
            opens=Opens((permission,)),
            call=lambda rule, actor, row, permission=permission: rule(actor, permission, row),
            variant=permission,
        )
    yield Line(
        "campaigns",
        "campaign",
        "can_view_campaign",
        "visible_campaigns",
        Opens((*_CAMPAIGN_WORK, Campaigns.VIEW_REPORT)),
    )
    yield Line("campaigns", "campaign", "works_on_campaign", opens=Opens(_CAMPAIGN_WORK))
    yield Line(
        "campaigns", "campaign", "is_reviewer_above", opens=Opens(house=False, special=_strictly_above)
    )
    yield Line("campaigns", "triage", "can_view_triage", "visible_triages", Opens((Campaigns.INTERVIEW,)))
    yield Line(
        "campaigns",
        "place",
        "may_read_names",
        opens=Opens((Campaigns.READ_NAMES,)),
        call=lambda rule, actor, row: rule(actor, row.path),
    )


def _work_lines() -> Iterator[Line]:
    yield Line("cases", "case", "is_manager", opens=Opens(house=False, own=_OWN_STAFF))
    yield Line(
        "cases",
        "case",
        "can_view_case",
        "visible_cases",
        Opens(("cases.view",), own=_OWN_STAFF, lent=("cases.view",)),
    )
    for permission in (one for one in every_permission() if one.startswith("cases.")):
        yield Line(
            "cases",
            "case",
            "may_on_case",
            opens=Opens(special=_on_case(permission)),
            call=lambda rule, actor, row, permission=permission: rule(actor, permission, row),
            variant=permission,
        )
    own_resident = Opens(house=False, own=_OWN_RESIDENT)
    yield Line("cases", "own case", "is_about", "cases_about", own_resident)
    yield Line("cases", "case seat", "can_sit", "own_seats", Opens(house=False, own=_OWN_STAFF))
    yield Line("cases", "case review", "can_review", "visible_reviews", Opens(("cases.close",)))
    yield Line(
        "deadlines",
        "deadline",
        "can_view_deadline",
        "visible_deadlines",
        Opens(meets_people=True, own=_OWN_STAFF, staff_only=True),
    )
    for permission in (one for one in every_permission() if one.startswith("risk.")):
        yield Line(
            "risk",
            "warning",
            "may_on_warning",
            opens=Opens(special=_reached(permission), lent=(permission,)),
            call=lambda rule, actor, row, permission=permission: rule(actor, permission, row),
            variant=permission,
        )
    yield Line(
        "risk",
        "warning",
        "can_view_warning",
        "visible_warnings",
        Opens(special=_reached("risk.view"), lent=("risk.view",)),
    )


def _between_lines() -> Iterator[Line]:
    room, read = "referrals", ("referrals.read",)
    seen = Opens(read, own=_OWN_STAFF)
    yield Line(room, "referral", "can_view_referral", "visible_referrals", seen)
    yield Line(room, "referral", "parts_of", opens=seen, call=lambda rule, actor, row: bool(rule(actor, row)))
    yield Line(room, "referral", "wrote_it", opens=Opens(house=False, own=_OWN_STAFF))
    for side, who, is_house in (
        (Side.SENDER, between_units.stands_at_sender, True),
        (Side.RECEIVER, between_units.stands_at_receiver, False),
    ):
        yield Line(
            room,
            "referral",
            "side_of_actor",
            opens=Opens(house=is_house, special=who),
            call=lambda rule, actor, row, side=side: rule(actor, row) is side,
            variant=side.value,
        )
    for kind, side, opens in (
        ("referral", Side.SENDER, Opens(special=between_units.acts_as_sender)),
        ("referral there", Side.RECEIVER, Opens(special=between_units.acts_as_receiver)),
        ("referral at home", Side.RECEIVER, Opens(house=False)),
    ):
        yield Line(
            room,
            kind,
            "may_act",
            opens=opens,
            call=lambda rule, actor, row, side=side: rule(actor, side, row),
            variant=f"{side.value}, {kind}",
        )
    yield Line(room, "referral", many="countable_referrals", opens=Opens(("referrals.view_status",)))
    room = "linkages"
    yield Line(
        room,
        "linkage",
        "can_view_linkage",
        "visible_linkages",
        Opens(special=between_units.sees_linkage),
    )
    yield Line(room, "linkage", "can_answer", opens=Opens(special=between_units.answers_linkage))


def _library_lines() -> Iterator[Line]:
    for permission in Instruments:
        yield Line(
            "instruments",
            "nothing",
            "may_in_city",
            opens=Opens((permission,), in_city=True),
            call=lambda rule, actor, _row, permission=permission: rule(actor, permission),
            variant=permission,
        )
    works = Opens(tuple(_LIBRARY_WORK), in_city=True)
    yield Line(
        "instruments", "nothing", "works_on_library", opens=works, call=lambda rule, actor, _row: rule(actor)
    )
    yield Line(
        "instruments",
        "nothing",
        "can_look_into_library",
        opens=Opens(
            tuple(_LIBRARY_WORK),
            in_city=True,
            special=lambda who, _thing: any(right == Instruments.VIEW for right, _ in who.held),
        ),
        call=lambda rule, actor, _row: rule(actor),
    )
    yield Line(
        "instruments",
        "version",
        "can_view_version",
        "visible_versions",
        Opens(tuple(_LIBRARY_WORK), in_city=True, special=_published),
    )
    yield Line("instruments", "text", "can_view_text", "visible_texts", works)


LINES: tuple[Line, ...] = tuple(_lines())
ROOMS: tuple[str, ...] = tuple(dict.fromkeys(line.room for line in LINES))


def faults_of(room: str, world: PairWorld) -> Iterator[str]:
    """Every disagreement of one room, line by line; a rule that breaks disagrees too."""
    for line in LINES:
        if line.room == room:
            try:
                with transaction.atomic():
                    yield from line.faults(world)
            except Exception as error:
                yield f"{room}.{line.can or line.many} broke: {error!r}"
