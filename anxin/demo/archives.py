"""The archives that stations have opened: who agreed on paper, who is helping, and a few households."""

from datetime import datetime, timedelta
from random import Random

from anxin.demo.bulk import Uids, insert, take_ids, take_numbers
from anxin.demo.people import PERSONA, Population
from anxin.demo.records import sealed
from anxin.demo.staff import PostingPlan, Workforce
from anxin.domains.archives import api as archives_room
from anxin.domains.archives.contracts import EntryKind, Relation
from anxin.domains.residents import api as residents_room
from anxin.domains.residents.contracts import Purpose
from anxin.kernel import clock

_SHARE = 0.4
_HELPING = frozenset({"counsellor", "tutor", "therapist", "psychiatrist", "psychology_teacher"})
_HELPED_AT_MOST = 12
_HOUSEHOLDS = 0.2
_ADULT = 18


def write_archives(
    population: Population, workforce: Workforce, rng: Random, uids: Uids, now: datetime
) -> int:
    """An archive for some of the grown-up residents of each station that has somebody to open one; how many."""
    carers = _carers_by_unit(workforce)
    chosen = [
        index
        for index in range(len(population))
        if population.home_of(index).id in carers
        and population.age_of(index, clock.today()) >= _ADULT
        and (index == PERSONA or rng.random() < _SHARE)
    ]
    opened = {
        index: now - timedelta(days=rng.randrange(1, 400), minutes=rng.randrange(600)) for index in chosen
    }
    by = {index: rng.choice(carers[population.home_of(index).id]) for index in chosen}
    ids = dict(zip(chosen, take_ids("archives_archive", len(chosen)), strict=True))
    _write_consents(population, opened, by, uids)
    _write_archives(population, opened, by, ids, uids)
    _write_carers(population, opened, by, ids, uids)
    _write_households(population, opened, rng, uids)
    return len(chosen)


def _carers_by_unit(workforce: Workforce) -> dict[int, list[PostingPlan]]:
    found: dict[int, list[PostingPlan]] = {}
    for posting in workforce.postings():
        if posting.post in _HELPING:
            found.setdefault(posting.unit.id, []).append(posting)
    return found


def _write_consents(
    population: Population, opened: dict[int, datetime], by: dict[int, PostingPlan], uids: Uids
) -> None:
    text = residents_room.consent_text(purpose=Purpose.ARCHIVE)
    insert(
        "residents_consent",
        (
            *(
                "uid",
                "resident_id",
                "purpose",
                "data_kinds",
                "recipient",
                "text_version",
                "given_at",
                "given_by",
            ),
            *("signed_on", "recorded_by", "withdrawn_by"),
        ),
        (
            (
                *(uids.at(moment), population.id_of(index), text.purpose.value, text.data_kinds, ""),
                *(text.version, moment, "self", clock.local(moment).date(), by[index].staff.name, ""),
            )
            for index, moment in opened.items()
        ),
    )


def _write_archives(
    population: Population,
    opened: dict[int, datetime],
    by: dict[int, PostingPlan],
    ids: dict[int, int],
    uids: Uids,
) -> None:
    numbers = take_numbers("archives_number", len(opened))
    kept_as = next(iter(archives_room.retention_classes()))
    insert(
        "archives_archive",
        (
            *("id", "uid", "number", "resident_id", "unit_id", "scope_path", "is_custody", "status"),
            *("retention_class", "opened_at", "opened_by_id", "opened_unit_id"),
        ),
        (
            (
                *(ids[index], uids.at(moment), f"A{next(numbers):07d}", population.id_of(index)),
                *(population.home_of(index).id, population.home_of(index).path),
                *(population.home_of(index).host_type == "custody", "open", kept_as, moment),
                *(by[index].staff.id, population.home_of(index).id),
            )
            for index, moment in opened.items()
        ),
    )
    insert(
        "archives_archiveentry",
        (
            *("uid", "archive_id", "happened_at", "kind", "author_kind", "author_uid", "author_label"),
            *("params", "note"),
        ),
        (
            (
                *(uids.at(moment), ids[index], moment, EntryKind.OPENED.value, "staff", ""),
                *(by[index].staff.name, {"unit": population.home_of(index).name, "given_by": "self"}, ""),
            )
            for index, moment in opened.items()
        ),
    )


def _write_carers(
    population: Population,
    opened: dict[int, datetime],
    by: dict[int, PostingPlan],
    ids: dict[int, int],
    uids: Uids,
) -> None:
    helped: dict[int, int] = {}
    rows = []
    for index, moment in opened.items():
        posting = by[index]
        helped[posting.id] = helped.get(posting.id, 0) + 1
        if helped[posting.id] <= _HELPED_AT_MOST:
            rows.append((uids.at(moment), ids[index], posting.id, moment))
    insert("archives_carer", ("uid", "archive_id", "posting_id", "since"), rows)


def _write_households(population: Population, opened: dict[int, datetime], rng: Random, uids: Uids) -> None:
    heads = [index for index in opened if rng.random() < _HOUSEHOLDS]
    ids = dict(zip(heads, take_ids("archives_household", len(heads)), strict=True))
    insert(
        "archives_household",
        ("id", "uid", "unit_id", "scope_path", "address", "noted_at"),
        (
            (
                *(ids[index], uids.at(opened[index]), population.home_of(index).id),
                *(population.home_of(index).path, "", opened[index]),
            )
            for index in heads
        ),
    )
    members = []
    for index in heads:
        moment = opened[index]
        members.append(
            (uids.at(moment), ids[index], population.id_of(index), "", Relation.HEAD.value, True, moment)
        )
        name = sealed(rng.choice(("孩子", "老伴", "母亲")), "archives_householdmember.name")
        members.append((uids.at(moment), ids[index], None, name, Relation.OTHER.value, False, moment))
    insert(
        "archives_householdmember",
        ("uid", "household_id", "resident_id", "name", "relation", "is_head", "joined_at"),
        members,
    )
