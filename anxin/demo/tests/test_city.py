"""A small city, whole: every constraint of the database holds, every promise of the house is kept in it."""

import json
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password, is_password_usable

from anxin.demo import city, forbidden, lives
from anxin.demo.personas import PASSWORD, PERSONAS, sign_in_links
from anxin.demo.places import ECONOMIC_ZONE
from anxin.demo.stations import LIUAN
from anxin.demo.tests.conftest import NOON, rows
from anxin.demo.warnings import _CHECKED_IN
from anxin.domains.access import api as access
from anxin.domains.access.rules.roles import can_be_held_at
from anxin.domains.accounts import api as accounts
from anxin.domains.cases import api as cases
from anxin.domains.deadlines import api as deadlines
from anxin.domains.network import api as network
from anxin.domains.network.contracts import RouteReason, UnitKind
from anxin.domains.network.services.units import spelled
from anxin.domains.residents import api as residents
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import HIGH, Level, WarningState
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import Act
from anxin.flows import answer_check_in, ladders
from anxin.flows.evaluate_sitting import evaluate_sitting
from anxin.kernel import clock
from anxin.kernel.crypto import unseal
from tests.requirements_marker import requirement

pytestmark = pytest.mark.usefixtures("small_city")
THREE_AT_NIGHT = datetime(2026, 11, 25, 3, 0, tzinfo=clock.LOCAL)


def _count(statement: str, *params: Any) -> int:
    return int(rows(f"SELECT count(*) FROM {statement}", *params)[0][0])


def test_what_is_counted_is_there(small_city: city.Summary) -> None:
    assert small_city.units == _count("network_unit")
    assert small_city.stations == _count("network_unit WHERE kind = 'station'")
    assert small_city.staff == _count("network_staffmember")
    assert small_city.residents == _count("residents_resident")
    assert small_city.sittings == _count("assessments_sitting") == _count("assessments_scoresheet")
    assert small_city.warnings == _count("risk_warning")
    assert small_city.open_warnings == _count("risk_warning WHERE state <> 'closed'")
    assert city.exists()


def test_archives_exist_without_a_self_test() -> None:
    assert _count(
        "residents_resident r WHERE NOT EXISTS (SELECT 1 FROM assessments_sitting s WHERE s.resident_id = r.id)"
    )


@requirement("R-037", "R-069")
def test_an_archive_stands_on_an_agreement_and_whoever_helps_works_there() -> None:
    ((archives, people),) = rows("SELECT count(*), count(DISTINCT resident_id) FROM archives_archive")
    assert archives == people > 0
    assert rows(
        "SELECT count(*) FROM archives_archive a WHERE NOT EXISTS (SELECT 1 FROM residents_consent c"
        " WHERE c.resident_id = a.resident_id AND c.purpose = 'archive' AND c.withdrawn_at IS NULL)"
    ) == [(0,)]
    assert rows(
        "SELECT count(*) FROM archives_carer c JOIN archives_archive a ON a.id = c.archive_id"
        " JOIN network_posting p ON p.id = c.posting_id WHERE p.unit_id <> a.unit_id"
    ) == [(0,)]
    assert rows("SELECT count(*) > 0 FROM archives_household") == [(True,)]


def test_every_sitting_was_evaluated_and_those_that_alarm_have_a_warning() -> None:
    assert not _count("assessments_sitting WHERE evaluated_at IS NULL OR state <> 'submitted'")
    alarming = _count("risk_evaluation WHERE level > 0 AND occasion = 'submitted'")
    assert alarming == _count("risk_warning WHERE source = 'self_test'") > 0
    assert not _count(
        "risk_evaluation e JOIN assessments_sitting s ON s.id = e.sitting_id WHERE e.level > 0 AND NOT EXISTS"
        " (SELECT 1 FROM risk_warning w WHERE w.source_key LIKE s.uid || ':%%')"
    )


def test_every_alarm_is_on_record_so_that_evaluating_again_changes_nothing(small_city: city.Summary) -> None:
    assert not _count(
        "risk_evaluation e JOIN assessments_sitting s ON s.id = e.sitting_id WHERE e.level > 0 AND NOT EXISTS"
        " (SELECT 1 FROM risk_alarmrecord a WHERE a.source_key = s.uid || ':' || e.occasion)"
    )
    before = rows("SELECT uid, row_version FROM risk_warning ORDER BY id")
    alarming = rows(
        "SELECT s.uid, w.uid FROM assessments_sitting s JOIN risk_alarmrecord a ON a.source_key = s.uid || ':submitted'"
        " JOIN risk_warning w ON w.id = a.warning_id"
    )
    assert alarming
    for sitting, warning in alarming[:8]:
        again = evaluate_sitting(sitting_uid=sitting)
        assert again is not None
        assert again.uid == warning
    assert rows("SELECT uid, row_version FROM risk_warning ORDER BY id") == before


def test_an_open_warning_has_a_clock_an_owner_and_its_next_change_ahead() -> None:
    found = rows(
        "SELECT w.level, w.state, d.stage, d.is_open, d.owner_id, d.next_change_at, d.due_at, d.ladder, d.rung_index,"
        " d.pages, d.started_at FROM risk_warning w JOIN deadlines_deadline d ON d.id = w.deadline_id"
        " WHERE w.state <> 'closed'"
    )
    for _, state, stage, is_open, owner, next_change_at, due_at, ladder, index, pages, started_at in found:
        expected = {risk.stage_of(WarningState(state)).value, "sign"}
        assert is_open
        assert owner
        assert stage in expected
        assert started_at <= NOON < next_change_at
        now_at = deadlines.standing(deadlines.load_ladder(json.loads(ladder)), due_at, NOON)
        assert (now_at.index, now_at.pages, now_at.next_change_at) == (index, pages, next_change_at)
        assert now_at.rung.posting_id == owner
    assert {row[1] for row in found} == set(WarningState) - {"closed", "not_reachable"}
    assert {row[0] for row in found} == {1, 2, 3, 4}
    assert any(row[6] < NOON for row in found)
    assert not _count("deadlines_deadline WHERE is_open AND subject_kind = 'warning'") - len(found)


def test_one_open_warning_is_late_and_one_has_climbed_to_the_county() -> None:
    climbed = rows(
        "SELECT d.rung_index, w.reach_path, u.path FROM risk_warning w"
        " JOIN deadlines_deadline d ON d.id = w.deadline_id"
        " JOIN network_unit u ON u.id = w.unit_id WHERE w.state = 'acknowledged' AND w.climbed AND u.name = %s",
        LIUAN,
    )
    assert climbed
    for index, reach, path in climbed:
        assert index == 1
        assert path.startswith(reach)
        assert reach != path


def test_the_history_is_told_in_order_and_high_ones_ended_with_two_competent_people() -> None:
    uids = {row[0]: row[1] for row in rows("SELECT account_id, id FROM network_staffmember")}
    assert uids
    told = rows(
        "SELECT warning_id, array_agg(happened_at ORDER BY id), array_agg(kind ORDER BY id)"
        " FROM risk_warningentry GROUP BY 1"
    )
    for _, moments, kinds in told:
        assert moments == sorted(moments)
        assert kinds[0] == "raised"
        assert moments[-1] <= NOON
    high = rows(
        "SELECT proposed_by_id, signed_by_id, closed_at, id FROM risk_warning WHERE state = 'closed' AND level >= %s",
        int(HIGH),
    )
    assert high
    for proposer, signer, closed_at, row_id in high:
        both = workforce.competent_staff_ids(
            staff_ids=[proposer, signer], act=Act.CONFIRM_HIGH_RISK, on=closed_at.date()
        )
        assert both == {proposer, signer}
        assert proposer != signer
        assert _count("risk_riskassessment WHERE warning_id = %s AND is_competent", row_id)


def test_an_open_case_has_a_clock_and_an_ended_one_ended_by_the_rule(small_city: city.Summary) -> None:
    assert small_city.cases == _count("cases_case") >= 3
    found = rows(
        "SELECT c.state, c.closed_at, d.is_open, d.next_change_at, d.stage, c.manager_id FROM cases_case c"
        " LEFT JOIN deadlines_deadline d ON d.id = c.deadline_id"
    )
    assert any(closed_at is None for _, closed_at, *_ in found)
    for state, closed_at, is_open, next_change_at, _, _ in found:
        assert (closed_at is None) == bool(is_open)
        assert closed_at is not None or next_change_at > NOON
        assert (closed_at is not None) == (state in ("closed", "transferred", "lost"))
    for case in cases.cases_queryset(actor=city.ACTOR).filter(state="closed"):
        assert cases.closing_standing(actor=city.ACTOR, case=case).is_met
    for case in cases.cases_queryset(actor=city.ACTOR).exclude(closed_at__isnull=False):
        step = cases.next_step_of(actor=city.ACTOR, case=case)
        assert step is not None
        assert case.deadline is not None
        assert (step.stage, step.due_at) == (case.deadline.stage, case.deadline.due_at)


def test_cases_were_ended_and_lowered_by_two_people() -> None:
    assert not _count(
        "cases_casestatus s JOIN cases_case c ON c.id = s.case_id JOIN network_posting p ON p.id = c.manager_id"
        " JOIN network_staffmember m ON m.id = p.staff_id JOIN accounts_account a ON a.id = m.account_id"
        " WHERE s.state IN ('closed', 'transferred', 'lost') AND s.author_uid = a.uid"
    )
    assert not _count("cases_caseassessment WHERE second_reader_id = by_id")
    last_assessor = rows(
        "SELECT DISTINCT ON (c.id) c.id, a.uid FROM cases_case c JOIN cases_caseassessment x ON x.case_id = c.id"
        " JOIN network_staffmember m ON m.id = x.by_id JOIN accounts_account a ON a.id = m.account_id"
        " WHERE c.closed_at IS NOT NULL ORDER BY c.id, x.id DESC"
    )
    for case, assessor in last_assessor:
        assert not _count(
            "cases_casestatus WHERE case_id = %s AND author_uid = %s AND state IN ('closed', 'transferred', 'lost')",
            case,
            assessor,
        )


def test_nobody_was_given_up_without_three_attempts_by_two_ways() -> None:
    given_up = rows("SELECT id, level FROM risk_warning WHERE proposed_ending = 'not_reachable'")
    for row_id, level in given_up:
        channels = [
            one for (one,) in rows("SELECT channel FROM risk_contactattempt WHERE warning_id = %s", row_id)
        ]
        assert len(channels) >= 3
        assert len(set(channels)) >= 2
        assert level < HIGH or {"visit", "family", "school"} & set(channels)


def test_at_three_at_night_nobody_is_at_a_station_and_somebody_answers_for_each() -> None:
    assert not network.on_duty_by_unit(
        unit_ids=[row[0] for row in rows("SELECT id FROM network_unit WHERE kind = 'station'")],
        at=THREE_AT_NIGHT,
    )
    for (station,) in rows("SELECT id FROM network_unit WHERE kind = 'station'"):
        candidates = network.candidates_upward(unit_id=station, at=THREE_AT_NIGHT)
        competent = workforce.competent_staff_ids(
            staff_ids=[one.staff_id for one in candidates],
            act=Act.CONFIRM_HIGH_RISK,
            on=THREE_AT_NIGHT.date(),
        )
        postings = frozenset(one.posting_id for one in candidates if one.staff_id in competent)
        route = network.choose_route(candidates=candidates, competent_posting_ids=postings)
        assert route.candidate.on_duty
        assert route.reason != RouteReason.ACCOUNTABLE_OF_CENTRE


def test_every_centre_and_station_has_one_accountable_person() -> None:
    assert not rows(
        "SELECT u.name FROM network_unit u LEFT JOIN network_posting p ON p.unit_id = u.id AND p.is_accountable"
        " WHERE u.kind IN ('station', 'county_centre', 'city_centre', 'hotline') GROUP BY u.id HAVING count(p.id) <> 1"
    )


@requirement("R-001")
def test_stations_add_up_to_the_same_total_on_both_trees(small_city: city.Summary) -> None:
    by_law = Counter(
        code[:6]
        for (code,) in rows(
            "SELECT d.code FROM network_unit u JOIN network_division d ON d.id = u.division_id WHERE u.kind = 'station'"
        )
    )
    paths = dict(rows("SELECT path, name FROM network_unit WHERE kind IN ('county', 'zone')"))
    by_management = Counter(
        next(name for path, name in paths.items() if station.startswith(path))
        for (station,) in rows("SELECT path FROM network_unit WHERE kind = 'station'")
    )
    assert sum(by_law.values()) == sum(by_management.values()) == small_city.stations
    zone = network.areas_queryset().get(name=ECONOMIC_ZONE)
    codes = {
        code[:6]
        for (code,) in rows(
            "SELECT d.code FROM network_unit u JOIN network_division d ON d.id = u.division_id"
            " WHERE u.kind = 'town' AND u.path LIKE %s",
            f"{zone.path}%",
        )
    }
    county = rows(
        "SELECT name, (SELECT count(*) FROM network_unit u WHERE u.division_id = d.id AND u.kind = 'county')"
        " FROM network_division d WHERE code = ANY(%s)",
        list(codes),
    )
    assert len(county) == 1
    assert county[0][1] == 1


@requirement("R-131", "R-133", "R-134", "R-158")
def test_the_task_force_of_the_zone_has_its_fourteen_bodies_and_three_groups() -> None:
    bodies = rows(
        "SELECT DISTINCT u.name, u.kind FROM network_taskforcepost p JOIN network_taskforce f ON f.id = p.task_force_id"
        " JOIN network_unit a ON a.id = f.area_id JOIN network_unit u ON u.id = p.body_id WHERE a.name = %s",
        ECONOMIC_ZONE,
    )
    assert Counter(kind for _, kind in bodies) == {"department": 12, "town": 2}
    groups = _count(
        "network_workinggroup g JOIN network_taskforce f ON f.id = g.task_force_id"
        " JOIN network_unit a ON a.id = f.area_id WHERE a.name = %s",
        ECONOMIC_ZONE,
    )
    assert groups == 3


def test_no_name_is_a_real_one() -> None:
    places = [
        name for (name,) in rows("SELECT name FROM network_unit UNION SELECT name FROM network_division")
    ]
    people = [name for (name,) in rows("SELECT name FROM network_staffmember")]
    people += [
        unseal(name, context="residents_resident.name")
        for (name,) in rows("SELECT name FROM residents_resident")
    ]
    assert not [name for name in places if forbidden.holds_real_place(name)]
    assert not [name for name in people if forbidden.is_real_person(name)]


def test_nobody_can_be_called_by_mistake() -> None:
    phones = [
        unseal(phone, context="residents_resident.phone")
        for (phone,) in rows("SELECT phone FROM residents_resident")
    ]
    phones += [
        unseal(one, context="risk_contactrequest.phone")
        for (one,) in rows("SELECT phone FROM risk_contactrequest")
    ]
    phones += [phone for (phone,) in rows("SELECT duty_phone FROM network_staffmember")]
    assert all(phone.startswith("154") and len(phone) == 11 for phone in phones)
    landlines = {phone for (phone,) in rows("SELECT phone FROM network_unit WHERE phone <> ''")}
    assert all(phone == "12356" or phone.startswith("0000-") for phone in landlines)


def test_a_message_says_a_number_and_nothing_else() -> None:
    found = rows("SELECT template, params FROM notices_notice")
    assert found
    assert {template for template, _ in found} == {"warning_waits"}
    assert all(set(json.loads(params)) == {"number"} for _, params in found)


def test_anonymous_runs_leave_a_number(small_city: city.Summary) -> None:
    assert small_city.anonymous == rows("SELECT sum(count) FROM assessments_anonymouscount")[0][0] > 0


def test_the_counts_of_the_counties_add_up_to_the_city() -> None:
    paths = [path for (path,) in rows("SELECT path FROM network_unit WHERE kind IN ('county', 'zone')")]
    root = network.city()
    assert root is not None
    span = {"since": NOON - timedelta(days=600), "until": NOON, "at": NOON}
    (whole,) = risk.warning_facts(actor=city.ACTOR, node_paths=[root.path], **span)
    parts = risk.warning_facts(actor=city.ACTOR, node_paths=paths, **span)
    for name in ("raised", "open", "overdue", "climbed", "acknowledged", "high_closed", "high_signed"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)
    assert whole.high_closed == whole.high_signed > 0


def test_every_persona_can_sign_in_and_stands_where_the_story_says() -> None:
    for persona in PERSONAS:
        account = accounts.account_by_login(login=persona.login)
        assert account is not None
        if persona.kind == "staff":
            assert check_password(PASSWORD, account.password)
            member = network.staff_by_account(account_id=account.id)
            assert member is not None
            assert member.name == persona.name
        else:
            person = residents.resident_of(account=account)
            assert person is not None
            assert person.name == persona.name
            assert person.home_unit.name == LIUAN
    links = sign_in_links("http://127.0.0.1:8000/")
    assert len(links) == len(PERSONAS)
    assert all(url.startswith("http://127.0.0.1:8000/sign-in/as/") for _, url in links)


def test_only_personas_have_a_password() -> None:
    logins = {persona.login for persona in PERSONAS}
    others = [row for row in rows("SELECT login, password FROM accounts_account") if row[0] not in logins]
    assert others
    assert not any(is_password_usable(password) for _, password in others)


@pytest.mark.parametrize(
    ("code", "sees"), [("zhaoning", True), ("sunlan", False), ("chenmo", False), ("zhouxing", False)]
)
def test_the_board_of_a_persona_shows_what_has_come_as_far_as_them(code: str, sees: bool) -> None:
    account = accounts.account_by_login(login=code)
    assert account is not None
    actor = access.actor_for(account=account)
    board = risk.board_queryset(actor=actor)
    at_liuan = set(board.filter(unit__name=LIUAN).values_list("reach_path", "scope_path"))
    assert bool(at_liuan) == (code in ("zhaoning", "sunlan"))
    assert any(reach == scope for reach, scope in at_liuan) == sees


def test_every_role_is_known_and_may_be_held_where_it_is() -> None:
    known = access.roles()
    held = rows(
        "SELECT DISTINCT g.role, u.kind FROM access_rolegrant g JOIN network_unit u ON u.id = g.node_id"
    )
    for role, kind in held:
        assert can_be_held_at(known[role], UnitKind(kind)), (role, kind)
    offices = rows(
        "SELECT account_id FROM access_rolegrant WHERE role IN ('platform_admin', 'security_officer', 'auditor')"
        " GROUP BY account_id HAVING count(*) > 1"
    )
    assert not offices


def test_units_and_people_are_found_as_the_rooms_would_spell_them() -> None:
    found = rows("SELECT name, name_pinyin FROM network_unit ORDER BY id LIMIT 40")
    agreeing = sum(spelled(name) == key for name, key in found)
    # Characters with several readings may differ where the generator reads them part by part.
    assert agreeing >= 0.9 * len(found)


def test_the_plan_in_memory_calls_whom_the_network_would_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The histories were routed in memory; the clocks of open warnings must be those the flow would have drawn."""
    drawn = rows(
        "SELECT w.unit_id, (e.params->>'level')::int, d.started_at, d.due_at, d.ladder, w.route_reason"
        " FROM risk_warning w JOIN risk_warningentry e ON e.warning_id = w.id AND e.kind = 'raised'"
        " JOIN deadlines_deadline d ON d.subject_uid = w.uid AND d.started_at = w.raised_at"
    )
    rng = Random("sample")
    for unit_id, level, started_at, due_at, ladder, reason in rng.sample(drawn, k=min(25, len(drawn))):
        monkeypatch.setattr(clock, "now", lambda moment=started_at: moment)
        again = ladders.draw_clock(
            unit_id=unit_id, level=Level(level), stage=risk.stage_of(WarningState.NEW), subject_uid="any"
        )
        assert again.order.due_at == due_at
        assert deadlines.dump_ladder(again.order.ladder) == json.loads(ladder)
        assert again.route.reason == reason


def test_the_words_of_the_check_in_are_those_of_the_house() -> None:
    for answer, (level, message) in _CHECKED_IN.items():
        assert answer_check_in._SAFETY[answer] == (level, message)


def test_findings_answer_every_point_of_the_assessment() -> None:
    from anxin.domains.risk.contracts import Findings

    for level in (Level.L1, Level.L2, Level.L3, Level.L4):
        found = lives.findings_of(level, Random("any"))
        assert set(found) == set(Findings.__slots__)
        assert set(found.values()) <= {"yes", "no", "unknown"}


def test_the_resident_one_can_be_finds_who_looked() -> None:
    account = accounts.account_by_login(login=PERSONAS[0].login)
    assert account is not None
    person = residents.resident_of(account=account)
    assert person is not None
    viewed = _count("audit_auditevent WHERE person_uid = %s AND event = 'risk:warning:viewed'", person.uid)
    assert viewed > 0
    assert not _count("risk_warning WHERE resident_id = %s AND state <> 'closed'", person.id)
