"""Every address, as everybody, with a hundred things that should never come: nothing breaks, echoes or leads away.

In ``make test`` each address is asked by a handful of people, with a few inputs; who and which follows from the date of
the run, or from ``ANXIN_FUZZ_SEED``, and is printed. ``make soak`` sends every input to every address as everybody.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from anxin.kernel import clock
from tests.fuzz import surface as places
from tests.fuzz.inputs import HOSTILE, IN_QUERY
from tests.fuzz.looking import faults
from tests.fuzz.surface import Surface
from tests.fuzz.world import DOUBLES, GUIDES, NOBODY, World, build
from tests.matrix.remembering import remembering

SEED = os.environ.get("ANXIN_FUZZ_SEED") or clock.today().isoformat()
# How many people ask each address in one run, besides a stranger.
ASKING = 4
USUAL = (
    "page",
    "q",
    "next",
    "sort",
    "from",
    "to",
    "note",
    "reason",
    "name",
    "uid",
    "area",
    "language",
    "step",
)
AT_ONCE = 5


@pytest.fixture
def world(db: None, settings: Any) -> Iterator[World]:
    """Rolled back after the test."""
    with (
        time_machine.travel(datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL), tick=False) as at,
        remembering(),
    ):
        yield build(at)
    cache.clear()


class Prober:
    """One person at the doors. Every request meets the same world: what it did is taken back."""

    def __init__(self, client: Client, surface: Surface) -> None:
        self.client, self.surface = client, surface
        self._cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.statuses: Counter[int] = Counter()

    def send(self, method: str, address: str, data: dict[str, Any], **headers: Any) -> HttpResponse:
        """The answer; nothing stays of the request."""
        cache.clear()
        self.client.cookies.load(self._cookies)
        with transaction.atomic():
            answer: Any = getattr(self.client, method)(address, data, **headers)
            if answer.streaming:
                answer.close()
            transaction.set_rollback(True)
        self.client.cookies.clear()
        self.client.cookies.load(self._cookies)
        self.statuses[answer.status_code] += 1
        return answer  # type: ignore[no-any-return]

    def probe(self, route: str, method: str, texts: list[str]) -> list[str]:
        """Send ``texts`` to ``route`` in the fields that are known there."""
        address = self.surface.address(route)
        known = self.surface.fields if method == "post" else self.surface.queries
        held = known.get(route) or {}
        names = [name for name in held if name != "csrfmiddlewaretoken"] or [*USUAL]
        data = dict(held)
        chosen = random.Random(f"{SEED}{route}{method}{texts[0][:40]}").sample(
            names, min(len(names), len(texts))
        )
        data |= dict(zip(chosen, texts, strict=False))
        return faults(route, address, texts, self.send(method, address, data))


def surface_of(world: World) -> Surface:
    """What people of every kind can find between them."""
    found = Surface()
    for code in GUIDES:
        with transaction.atomic():
            places.walk(found, world.browser(code), [*places.STARTS, *world.known])
            transaction.set_rollback(True)
    return found


def batches(texts: tuple[str, ...], seed: str) -> Iterator[list[str]]:
    """All of ``texts``, some at a time, in an order of its own for each ``seed``."""
    mixed = [*texts]
    random.Random(f"{SEED}{seed}").shuffle(mixed)
    yield from (mixed[start : start + AT_ONCE] for start in range(0, len(mixed), AT_ONCE))


def told(found: dict[str, Counter[str]]) -> str:
    """The faults, each with how often it was seen."""
    return "\n".join(
        f"{place}: {fault} ({times}×)"
        for place, counted in sorted(found.items())
        for fault, times in counted.items()
    )


def demand_reach(surface: Surface) -> None:
    """The walk found its way into every site; where it did not, addresses of the right shape are tried."""
    led_to = {route for route in places.routes() if surface.addresses.get(route)}
    assert {"staff/warnings/<slug:uid>/take-over/", "staff/cases/<slug:uid>/close/", "me/"} <= led_to
    assert len(led_to) > len(places.routes()) // 2, sorted(set(places.routes()) - led_to)
    assert surface.fields["staff/cases/<slug:uid>/entry/"]


@pytest.mark.timeout(600)
def test_no_address_breaks_echoes_leaks_or_leads_away_for_anybody(world: World) -> None:
    surface, found, sent = surface_of(world), {}, 0
    demand_reach(surface)
    people = [code for code in world.people if code not in (*DOUBLES, NOBODY)]
    probers = {code: Prober(world.browser(code), surface) for code in (NOBODY, *people)}
    print(f"ANXIN_FUZZ_SEED={SEED}")
    for route in places.routes():
        for code in (NOBODY, *random.Random(f"{SEED}{route}").sample(people, ASKING)):
            method = "post" if random.Random(f"{SEED}{code}{route}").random() < 0.5 else "get"
            texts = next(batches(IN_QUERY if method == "get" else HOSTILE, code + route))
            counted = Counter(probers[code].probe(route, method, texts))
            sent += 1
            if counted:
                found.setdefault(f"{code} {method} {route} {texts!r:.150}", Counter()).update(counted)
    assert sent == (ASKING + 1) * len(places.routes())
    assert not found, f"ANXIN_FUZZ_SEED={SEED}\n{told(found)}"


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_every_input_at_every_address_by_everybody(world: World) -> None:
    surface, found = surface_of(world), {}
    for code in world.people:
        prober = Prober(world.browser(code), surface)
        for route in places.routes():
            for method, inputs in (("get", IN_QUERY), ("post", HOSTILE)):
                for texts in batches(inputs, code + route + method):
                    counted = Counter(prober.probe(route, method, texts))
                    if counted:
                        found.setdefault(f"{code} {method} {route} {texts!r:.150}", Counter()).update(counted)
    assert not found, told(found)
