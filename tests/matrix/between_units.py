"""Referrals and linkages: rows for the policy-pair table and for the pages, and who passes at them."""

from typing import Any

from anxin.domains.cases.models import Case
from anxin.domains.linkages.contracts import Permission as Link
from anxin.domains.linkages.models import Linkage
from anxin.domains.referrals.contracts import Permission as Refer
from anxin.domains.referrals.models import Referral
from anxin.kernel import clock
from anxin.kernel.ids import new_uid
from tests.matrix.pair_world import COVERS, Thing, Who

_DECIDES = {"release": Link.APPROVE_RELEASE, "inbound": Link.ANSWER_INBOUND}


def referral(number: str, sender: Any, unit: Any, **changes: Any) -> Referral:
    """A referral of ``unit``; over, unless ``changes`` says how it is open."""
    over = {"state": "withdrawn", "ended_at": clock.now(), "deadline": None, "clock_running": None}
    return Referral.objects.create(
        number=number,
        chain_uid=new_uid(),
        from_unit=unit,
        from_path=unit.path,
        sender=sender,
        **{
            "to_unit": unit,
            "direction": "up",
            "urgency": "routine",
            "own_tier": 1,
            "tier": 2,
            "level": 3,
            "basis": "筛查",
            "reason": "需要进一步评估",
            "measures": "已陪伴",
            "legal_basis": "consent",
            **over,
            **changes,
        },
    )


def linkage(number: str, unit: Any, **changes: Any) -> Linkage:
    """Something that passed between the house and somebody outside, and is over."""
    return Linkage.objects.create(
        number=number,
        unit=unit,
        scope_path=unit.path,
        reason="需要协助",
        **{
            "kind": "handoff",
            "state": "refused",
            "basis": "emergency",
            "answered_at": clock.now(),
            "clock_running": None,
            **changes,
        },
    )


def note_pages(world: Any, place: str, posting: Any) -> None:
    """One of each at a place, for the addresses."""
    unit, person = world.city.units[place], world.city.residents[f"c-{place}"]
    case = Case.objects.get(uid=world.kwargs["case"][place]["uid"])
    about = {"resident": person, "person_uid": person.uid, "case": case}
    sent = referral(f"F-{place}", posting, unit, **about)
    link = linkage(f"L-{place}", unit, **about)
    world.note("referral", place, uid=sent.uid)
    world.note("referral step", place, uid=sent.uid, step="consent")
    world.note("linkage", place, uid=link.uid)
    world.note("linkage step", place, uid=link.uid, step="callback")


def rows(world: Any, running: Any) -> dict[str, list[Thing]]:
    """Referrals at home and at another unit, and linkages of each kind; ``running`` makes a clock."""
    sent = []
    for owner, place, to in (
        ("zhao-ning", "LIUAN", ""),
        ("chen-mo", "WANGQIAO", "QC"),
        ("bai-lu", "BEIMEN", "LIUAN"),
    ):
        is_open = {"ended_at": None, "clock_running": True, "deadline": running(place)}
        there = (
            {"to_unit": world.city.units[to], "to_path": world.path(to), "state": "accepted"} if to else {}
        )
        row = referral(
            f"F-{place}",
            world.posting(owner),
            world.city.units[place],
            **{"state": "drafted", **is_open, **there},
        )
        sent.append(Thing(f"a referral of {place} to {to or 'nobody'}", row, place, owner=owner, also=to))
    linked = []
    for owner, place, kind in (
        ("zhao-ning", "LIUAN", "handoff"),
        ("chen-mo", "WANGQIAO", "release"),
        ("", "BEIMEN", "release"),
        ("", "QC", "inbound"),
    ):
        asked_by = world.city.staff[owner] if owner else None
        row = linkage(f"L-{place}", world.city.units[place], kind=kind, asked_by=asked_by)
        linked.append(Thing(f"{kind} at {place}", row, place, owner=owner))
    return {
        "referral": sent,
        "referral there": [one for one in sent if one.also],
        "referral at home": [one for one in sent if not one.also],
        "linkage": linked,
    }


def _holds(who: Who, right: str, place: str) -> bool:
    return any(held == right and place in COVERS[node] for held, node in who.held)


def _is_owner(who: Who, thing: Thing) -> bool:
    return bool(thing.owner) and who.person == thing.owner


def stands_at_sender(who: Who, thing: Thing) -> bool:
    """Who wrote it, or reads where it was written and not where it went."""
    return _is_owner(who, thing) or (
        _holds(who, Refer.READ, thing.place) and not _holds(who, Refer.READ, thing.also)
    )


def stands_at_receiver(who: Who, thing: Thing) -> bool:
    """Who reads where it went, and did not write it."""
    return not _is_owner(who, thing) and _holds(who, Refer.READ, thing.also)


def acts_as_sender(who: Who, thing: Thing) -> bool:
    """Who may send there, of what is theirs or what they read."""
    return _holds(who, Refer.SEND, thing.place) and (
        _is_owner(who, thing) or _holds(who, Refer.READ, thing.place)
    )


def acts_as_receiver(who: Who, thing: Thing) -> bool:
    """Who answers where it went."""
    return _holds(who, Refer.ANSWER, thing.also)


def sees_linkage(who: Who, thing: Thing) -> bool:
    """Who began it, reads there, or decides on its kind there."""
    decides = _DECIDES.get(thing.row.kind)
    return (
        _is_owner(who, thing)
        or _holds(who, Link.READ, thing.place)
        or (decides is not None and _holds(who, decides, thing.place))
    )


def answers_linkage(who: Who, thing: Thing) -> bool:
    """Who sees it and may write down the answer to its kind."""
    decides = _DECIDES.get(thing.row.kind, Link.BEGIN)
    return sees_linkage(who, thing) and _holds(who, decides, thing.place)
