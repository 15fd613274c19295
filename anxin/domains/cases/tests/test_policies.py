"""Who sees which case: one object and many agree; and the database agrees with both."""

from dataclasses import replace

import pytest
from django.db import connection

from anxin.domains.audit.models import AuditEvent
from anxin.domains.cases import api
from anxin.domains.cases.contracts import CaseNotFound, Permission
from anxin.domains.cases.models import Case
from anxin.domains.cases.policies import can_view_case, visible_cases
from anxin.domains.cases.tests.factories import (
    SYSTEM,
    Stage,
    a_draft,
    a_stage,
    an_open_case,
    staff_actor,
    without,
)
from anxin.domains.risk.contracts import Level
from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

TABLES = ("cases_case", "cases_casestatus", "cases_caseentry", "cases_caseassessment", "cases_casewarning")


def personas(stage: Stage) -> dict[str, Actor]:
    overseer = NodeGrant("/", "oversight", frozenset({Permission.VIEW_COUNTS}))
    return {
        "system": SYSTEM,
        "anonymous": Actor.anonymous(),
        "resident": Actor(ActorKind.RESIDENT, "r", "r", resident_id=2**40),
        "counsellor": stage.counsellor,
        "colleague": stage.colleague,
        "manager_without_view": without(stage.counsellor, Permission.VIEW),
        "colleague_without_view": without(stage.colleague, Permission.VIEW),
        "county": stage.supervisor,
        "city": staff_actor(stage.city.city_clinician, stage.city.city.path),
        "stranger": stage.stranger,
        "overseer": Actor(ActorKind.STAFF, "o", "o", grants=(overseer,)),
    }


def test_one_and_many_agree_on_every_persona_and_case(stage: Stage, case: Case) -> None:
    elsewhere = an_open_case(a_stage_beside(stage))
    seen = {}
    with unit_of_work(SYSTEM):
        for name, actor in personas(stage).items():
            many = set(visible_cases(actor, Case.objects.all()))
            assert many == {one for one in Case.objects.all() if can_view_case(actor, one)}, name
            seen[name] = [one == case for one in sorted(many, key=lambda one: one.id)]
        assert elsewhere.id != case.id
    assert seen == {
        "system": [True, False],
        "anonymous": [],
        "resident": [],
        "counsellor": [True],
        "colleague": [True],
        "manager_without_view": [True],
        "colleague_without_view": [],
        "county": [True],
        "city": [True],
        "stranger": [],
        "overseer": [],
    }


def a_stage_beside(stage: Stage) -> Stage:
    """The same story in a city of its own."""
    stage.city.city_centre.status = "suspended"
    stage.city.city_centre.save(update_fields=["status"])
    return a_stage()


@requirement("R-061")
@pytest.mark.parametrize("table", TABLES)
def test_staff_of_another_unit_see_no_row_even_by_raw_sql(stage: Stage, case: Case, table: str) -> None:
    with unit_of_work(stage.counsellor):
        api.assess_case(
            actor=stage.counsellor,
            case_uid=case.uid,
            draft=a_draft(Level.L3),
            competent_staff_ids=stage.competent,
            draw=stage.draw,
        )
    counts = {}
    for name in ("counsellor", "county", "stranger", "overseer", "anonymous", "resident"):
        actor = personas(stage)[name]
        with unit_of_work(actor), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[name] = cursor.fetchone()[0] > 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        counts["nobody"] = cursor.fetchone()[0] > 0
    shown = {name for name, some in counts.items() if some}
    assert shown == {"counsellor", "county"}


@requirement("R-061")
def test_a_case_of_another_station_is_not_there(stage: Stage, case: Case) -> None:
    for read in (api.access_case, api.case_brief):
        with pytest.raises(CaseNotFound), unit_of_work(stage.stranger):
            read(actor=stage.stranger, uid=case.uid)
    with unit_of_work(stage.stranger):
        assert api.timeline_of(actor=stage.stranger, case=case) == []
        assert not api.cases_queryset(actor=stage.stranger).exists()
        with pytest.raises(CaseNotFound):
            api.closing_standing(actor=stage.stranger, case=case)
        with pytest.raises(CaseNotFound):
            api.next_step_of(actor=stage.stranger, case=case)
    assert not AuditEvent.objects.filter(event="cases:case:viewed").exists()


@requirement("R-061")
def test_looking_at_a_case_is_recorded_with_the_person_and_listing_is_not(stage: Stage, case: Case) -> None:
    with unit_of_work(stage.colleague):
        list(api.cases_queryset(actor=stage.colleague))
        seen = api.access_case(actor=stage.colleague, uid=case.uid)
        assert [entry.kind for entry in api.timeline_of(actor=stage.colleague, case=seen)] == ["opened"]
        assert seen.resident is not None
        person = seen.resident.uid
    event = AuditEvent.objects.get(event="cases:case:viewed")
    assert (event.actor_label, event.subject_uid, event.person_uid) == ("同事", case.uid, person)


def test_the_right_is_asked_where_the_person_belongs(stage: Stage, case: Case) -> None:
    with unit_of_work(SYSTEM):
        found = Case.objects.get(id=case.id)
    assert api.may_on_case(stage.supervisor, Permission.CLOSE, found)
    assert not api.may_on_case(stage.counsellor, Permission.CLOSE, found)
    assert not api.may_on_case(stage.stranger, Permission.CLOSE, found)
    assert not api.may_on_case(replace(stage.counsellor, grants=()), Permission.WRITE, found)


def test_the_written_history_of_a_case_cannot_be_changed(stage: Stage, case: Case) -> None:
    for table in ("cases_casestatus", "cases_caseentry", "cases_caseassessment"):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT has_table_privilege(%s, 'UPDATE'), has_table_privilege(%s, 'DELETE')", [table, table]
            )
            assert cursor.fetchone() == (False, False)
