"""Routing: nearest upward, on duty and competent; never nobody."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.network.contracts import (
    Duty,
    DutyCandidate,
    NobodyAccountable,
    RouteReason,
    Rung,
    UnitKind,
)
from anxin.domains.network.rules import routing

CLIMB = [Rung.STATION, Rung.COUNTY, Rung.CITY]


def candidate(
    posting_id: int,
    rung: Rung,
    *,
    on_duty: bool = True,
    duty: Duty = Duty.DUTY_CLINICIAN,
    distance: int | None = None,
    staff_id: int | None = None,
    priority: int = 1,
) -> DutyCandidate:
    """A candidate; distance follows the rung unless given."""
    return DutyCandidate(
        posting_id=posting_id,
        staff_id=staff_id or posting_id,
        holder=f"职员{posting_id}",
        unit_id=posting_id,
        unit_name="单位",
        unit_path=f"/1/{posting_id}/",
        rung=rung,
        duty=duty.value if on_duty else "",
        on_duty=on_duty,
        distance=CLIMB.index(rung) if distance is None else distance,
        priority=priority,
    )


LEAD = candidate(1, Rung.STATION, duty=Duty.DUTY_LEAD)
COUNTY = candidate(2, Rung.COUNTY)
CITY = candidate(3, Rung.CITY)
HOTLINE = candidate(4, Rung.CITY, duty=Duty.HOTLINE_SUPERVISOR)
COUNTY_ACCOUNTABLE = candidate(5, Rung.COUNTY, on_duty=False)
CITY_ACCOUNTABLE = candidate(6, Rung.CITY, on_duty=False)
EVERYBODY = [HOTLINE, CITY, CITY_ACCOUNTABLE, COUNTY, COUNTY_ACCOUNTABLE, LEAD]


@pytest.mark.parametrize(
    ("on_duty", "competent", "rung", "chosen", "reason"),
    [
        ({1, 2, 3, 4}, {1, 2, 3, 4}, None, 1, RouteReason.NEAREST_ON_DUTY),
        ({1, 2, 3, 4}, {2, 3, 4}, None, 2, RouteReason.NOBODY_NEARER_COMPETENT),
        ({2, 3, 4}, {2, 3, 4}, None, 2, RouteReason.NOBODY_NEARER_ON_DUTY),
        ({3, 4}, {3, 4}, None, 3, RouteReason.NOBODY_NEARER_ON_DUTY),
        ({4}, {4}, None, 4, RouteReason.NOBODY_NEARER_ON_DUTY),
        ({1, 2, 3, 4}, {4}, None, 4, RouteReason.NOBODY_NEARER_COMPETENT),
        (set(), {5, 6}, None, 5, RouteReason.ACCOUNTABLE_OF_CENTRE),
        ({1, 2}, set(), None, 5, RouteReason.ACCOUNTABLE_OF_CENTRE),
        ({1, 2}, {6}, None, 6, RouteReason.ACCOUNTABLE_OF_CENTRE),
        ({1, 2, 3, 4}, {1, 2, 3, 4}, Rung.COUNTY, 2, RouteReason.NEAREST_ON_DUTY),
        ({1, 3, 4}, {1, 3, 4}, Rung.COUNTY, 3, RouteReason.NOBODY_NEARER_ON_DUTY),
        ({1, 2}, {1, 2}, Rung.CITY, 6, RouteReason.ACCOUNTABLE_OF_CENTRE),
    ],
)
def test_the_nearest_competent_person_on_duty_is_chosen(
    on_duty: set[int], competent: set[int], rung: Rung | None, chosen: int, reason: RouteReason
) -> None:
    present = [one for one in EVERYBODY if not one.on_duty or one.posting_id in on_duty]

    route = routing.choose_route(candidates=present, competent_posting_ids=competent, rung=rung)

    assert (route.candidate.posting_id, route.reason) == (chosen, reason.value)


def test_at_one_unit_the_lead_is_called_first_and_then_the_first_seat() -> None:
    second = candidate(11, Rung.STATION, duty=Duty.DUTY_CLINICIAN, priority=1)
    reserve = candidate(12, Rung.STATION, duty=Duty.DUTY_LEAD, priority=2)

    called = routing.in_calling_order([second, reserve, LEAD])

    assert [one.posting_id for one in called] == [1, 12, 11]


def test_every_reason_has_a_sentence() -> None:
    assert all(reason.text.endswith(".") for reason in RouteReason)


def test_a_network_without_any_accountable_person_says_so() -> None:
    with pytest.raises(NobodyAccountable):
        routing.choose_route(candidates=[], competent_posting_ids=set())
    with pytest.raises(NobodyAccountable):
        routing.ladder_candidates(candidates=[LEAD], competent_posting_ids=set())


def test_the_ladder_has_one_holder_for_each_rung() -> None:
    ladder = routing.ladder_candidates(candidates=EVERYBODY, competent_posting_ids={1, 2, 3, 4})

    assert [one.posting_id for one in ladder] == [1, 2, 3]
    assert [one.posting_id for one in routing.called_together(candidates=EVERYBODY, holder=CITY)] == [4]


def test_an_empty_rung_is_left_out_and_the_top_is_held_by_the_accountable() -> None:
    ladder = routing.ladder_candidates(
        candidates=[LEAD, COUNTY_ACCOUNTABLE, CITY_ACCOUNTABLE], competent_posting_ids={1}
    )

    assert [one.posting_id for one in ladder] == [1, 6]


def test_nobody_climbs_to_themselves() -> None:
    also_at_county = candidate(21, Rung.COUNTY, staff_id=1)

    ladder = routing.ladder_candidates(
        candidates=[LEAD, also_at_county, CITY], competent_posting_ids={1, 21, 3}
    )

    assert [one.posting_id for one in ladder] == [1, 3]


@pytest.mark.parametrize(
    ("kind", "rung"),
    [
        (UnitKind.STATION, Rung.STATION),
        (UnitKind.COUNTY_CENTRE, Rung.COUNTY),
        (UnitKind.CITY_CENTRE, Rung.CITY),
        (UnitKind.HOTLINE, Rung.CITY),
    ],
)
def test_the_rung_follows_the_unit(kind: UnitKind, rung: Rung) -> None:
    assert routing.rung_of(kind) is rung


candidates = st.lists(
    st.builds(
        candidate,
        st.integers(min_value=1, max_value=9),
        st.sampled_from(CLIMB),
        on_duty=st.booleans(),
        duty=st.sampled_from(list(Duty)),
        staff_id=st.integers(min_value=1, max_value=5),
        priority=st.integers(min_value=1, max_value=3),
    ),
    max_size=12,
).map(lambda found: [*found, CITY_ACCOUNTABLE])
competent_ids = st.sets(st.integers(min_value=1, max_value=9))


@given(present=candidates, competent=competent_ids, rung=st.sampled_from([None, *CLIMB]))
def test_there_is_always_an_owner_and_no_nearer_competent_person_is_passed_over(
    present: list[DutyCandidate], competent: set[int], rung: Rung | None
) -> None:
    route = routing.choose_route(candidates=present, competent_posting_ids=competent, rung=rung)
    lowest = CLIMB.index(rung) if rung else 0
    able = [
        one
        for one in present
        if one.on_duty and one.posting_id in competent and CLIMB.index(one.rung) >= lowest
    ]

    assert route.candidate in present
    assert (route.reason == RouteReason.ACCOUNTABLE_OF_CENTRE) == (not able)
    assert all(CLIMB.index(one.rung) >= CLIMB.index(route.candidate.rung) for one in able)


@given(present=candidates, competent=competent_ids)
def test_a_ladder_climbs_and_repeats_nobody(present: list[DutyCandidate], competent: set[int]) -> None:
    ladder = routing.ladder_candidates(candidates=present, competent_posting_ids=competent)
    heights = [CLIMB.index(one.rung) for one in ladder]

    assert ladder
    assert heights == sorted(set(heights))
    assert len({one.staff_id for one in ladder}) == len(ladder)
    assert all(one.posting_id in competent for one in ladder if one.on_duty)


@given(present=candidates, competent=competent_ids, seed=st.randoms())
def test_the_choice_does_not_depend_on_the_order_of_the_rows(
    present: list[DutyCandidate], competent: set[int], seed: Random
) -> None:
    shuffled = list(present)
    seed.shuffle(shuffled)

    first = routing.choose_route(candidates=present, competent_posting_ids=competent)
    second = routing.choose_route(candidates=shuffled, competent_posting_ids=competent)

    assert routing._order(first.candidate) == routing._order(second.candidate)
