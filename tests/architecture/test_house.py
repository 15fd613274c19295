"""Doors, keys, walls and annotations, read off the running house; and each check shown a planted fault."""

import importlib
import inspect

import pytest
from django.apps import apps
from django.db import connection, models
from django.urls import URLPattern, URLResolver, get_resolver

from anxin.kernel.models import Pii
from anxin.sites.marks import access_of
from tests.architecture import faults
from tests.walls.ground import walled_tables

ROOMS = [room for row in faults.room_order() for room in row]
OURS = [m for m in apps.get_models() if m.__module__.startswith("anxin.")]


@pytest.mark.parametrize("room", ROOMS)
def test_every_name_on_a_door_carries_exactly_one_mark(room: str) -> None:
    door = importlib.import_module(f"anxin.domains.{room}.api")
    skipped = {"command", "query", "pure"} if room == "audit" else set()
    names = [name for name in door.__all__ if name not in skipped]
    assert faults.unmarked(names, vars(door)) == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_command_and_personal_query_takes_the_actor_by_keyword(room: str) -> None:
    door = importlib.import_module(f"anxin.domains.{room}.api")
    for name in door.__all__:
        thing = getattr(door, name)
        personal = getattr(thing, "anxin_mark", "") == "command" or getattr(thing, "anxin_event", "")
        if personal and name != "record":
            parameters = inspect.signature(thing).parameters
            assert "actor" in parameters, f"{room}.{name}"
            assert parameters["actor"].kind is inspect.Parameter.KEYWORD_ONLY, f"{room}.{name}"


def test_an_unmarked_name_is_found() -> None:
    def bare() -> None: ...

    assert faults.unmarked(["bare"], {"bare": bare}) == ["bare"]


def test_foreign_keys_point_down() -> None:
    order = faults.room_order()
    wrong = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in OURS
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and faults.points_up(model._meta.app_label, field.related_model._meta.app_label, order)
    ]
    assert wrong == []


def test_a_key_that_points_up_is_found() -> None:
    assert faults.points_up("audit", "cases", faults.room_order())
    assert not faults.points_up("cases", "audit", faults.room_order())


def test_keys_across_rooms_leave_no_name_on_the_other_side() -> None:
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in OURS
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.app_label != model._meta.app_label
        and field.related_model.__module__.startswith("anxin.")
        and not (field.remote_field.related_name or "").endswith("+")
        and (model._meta.app_label, field.related_model._meta.app_label) != ("network", "accounts")
    ]
    assert wrong == []


def test_every_table_says_what_it_says_about_people() -> None:
    missing = [m.__name__ for m in OURS if not isinstance(m.__dict__.get("pii"), Pii)]
    assert missing == []


@pytest.mark.django_db
def test_every_personal_table_is_behind_the_forced_wall() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policies p ON p.tablename = c.relname"
            " WHERE c.relrowsecurity AND c.relforcerowsecurity"
        )
        walled = {row[0] for row in cursor.fetchall()}
    to_be_walled = set(walled_tables())
    assert {m._meta.db_table for m in OURS if m.pii is Pii.PERSONAL} <= to_be_walled
    assert to_be_walled - walled == set()
    assert walled - to_be_walled == set()


@pytest.mark.django_db
def test_a_personal_table_without_a_wall_would_be_found() -> None:
    assert "residents_resident" in {m._meta.db_table for m in OURS if m.pii is Pii.PERSONAL}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_policies WHERE tablename = 'kernel_outboxmessage'")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_without_a_scope_no_personal_row_is_seen_and_none_can_be_written() -> None:
    for model in OURS:
        if model.pii is Pii.PERSONAL:
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
                assert cursor.fetchone() == (0,), model


@pytest.mark.django_db
def test_the_trail_and_the_logs_can_only_grow() -> None:
    only_grow = [
        *("audit_auditevent", "audit_auditseal", "audit_auditroot", "audit_auditcheck"),
        *("assessments_answerentry", "assessments_scoresheet", "risk_warningentry"),
        *("assessments_secondlook", "risk_alarmrecord", "campaigns_secondreading"),
        *("risk_contactattempt", "risk_riskassessment", "risk_evaluation", "cases_casestatus"),
        *(
            "cases_caseentry",
            "cases_caseassessment",
            "cases_caseplan",
            "cases_caseplanagreement",
            "instruments_versionentry",
            "conversations_message",
        ),
        *("campaigns_campaignentry", "campaigns_consentanswer", "campaigns_submission"),
        *("campaigns_submissionconflict", "campaigns_interview", "campaigns_supportplan"),
        "archives_archiveentry",
        *("referrals_referralentry", "linkages_linkageentry"),
    ]
    with connection.cursor() as cursor:
        for table in only_grow:
            for verb in ("UPDATE", "DELETE", "TRUNCATE"):
                cursor.execute("SELECT has_table_privilege('anxin_app', %s, %s)", [table, verb])
                assert cursor.fetchone() == (False,), (table, verb)
        cursor.execute("SELECT has_table_privilege('anxin_app', 'risk_warning', 'TRUNCATE')")
        assert cursor.fetchone() == (False,)


@pytest.mark.django_db
def test_the_intake_role_can_touch_no_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND (has_table_privilege('anxin_intake', oid, 'SELECT')"
            " OR has_table_privilege('anxin_intake', oid, 'INSERT'))"
        )
        assert cursor.fetchall() == []


def _views(patterns, prefix: str = ""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback


def test_every_address_declares_who_may_enter() -> None:
    open_doors = [route for route, view in _views(get_resolver().url_patterns) if access_of(view) is None]
    assert open_doors == []


def test_an_address_that_declares_nothing_is_found() -> None:
    def undeclared(request: object) -> None: ...

    assert access_of(undeclared) is None


def test_there_is_no_django_admin() -> None:
    assert not apps.is_installed("django.contrib.admin")
