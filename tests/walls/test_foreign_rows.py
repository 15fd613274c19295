"""With the app's own password, the worker's, and any SQL: no row of another unit, in any personal table."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.apps import apps

from anxin.kernel.actor import Actor
from anxin.kernel.models import Pii
from tests.walls.conftest import Sides
from tests.walls.ground import WITHOUT_WALL, Connection, Wall, names_a_person, put, sign, walls

ROLES = ("anxin_app", "anxin_worker")
SYSTEM = Actor.system("attacker")


@pytest.fixture(params=ROLES)
def login(request: pytest.FixtureRequest, sides: Sides) -> Iterator[Connection]:
    """A bare connection of a serving role; each statement begins a transaction."""
    with sides.ground.login(request.param) as connection:
        yield connection


def nothing(sides: Sides, connection: Connection) -> bool:
    """Whether not one row of any personal table is shown."""
    return sides.ground.seen(connection) == {}


def test_every_personal_table_has_rows_of_both_sides_and_they_are_listed(sides: Sides) -> None:
    for table in sides.ground.keys:
        assert sides.ours[table], table
        assert sides.theirs[table], table
    print(f"{len(sides.ground.keys)} personal tables under attack:", *sorted(sides.ground.keys))


def test_each_side_is_shown_its_own_rows_and_no_other(sides: Sides, login: Connection) -> None:
    for actor, own, foreign in ((sides.us, sides.ours, sides.theirs), (sides.them, sides.theirs, sides.ours)):
        put(login, sign(login, actor))
        seen = sides.ground.seen(login)
        for table in sides.ground.keys:
            assert own[table] <= seen.get(table, set()), table
            assert not foreign[table] & seen.get(table, set()), table
        login.rollback()


def test_a_resident_is_shown_rows_that_are_theirs_and_none_of_their_neighbours(
    sides: Sides, login: Connection
) -> None:
    placed = walls(login)
    put(login, sign(login, sides.person))
    seen = sides.ground.seen(login)
    for table in sides.ground.keys:
        assert not sides.theirs[table] & seen.get(table, set()), table
        wall = placed[table]
        while wall.parent:
            wall = placed[wall.parent]
        theirs_by_name = "person_uid" in wall.names or (
            wall.resident and wall.resident != sides.ground.keys[wall.table]
        )
        assert (sides.ours[table] <= seen.get(table, set())) is bool(theirs_by_name), table


def test_who_watches_over_a_node_is_shown_its_ledgers_and_not_one_row_about_a_person(
    sides: Sides, login: Connection
) -> None:
    placed = walls(login)
    put(login, sign(login, sides.watch))
    seen = sides.ground.seen(login)
    kept = {table for table in sides.ground.keys if _root_of(table, placed).watched}
    assert {"audit_auditevent", "access_breakglass", "access_confirmation", "access_export"} <= kept
    assert set(seen) == kept
    for table in kept:
        assert sides.ours[table] <= seen[table], table
        assert not sides.theirs[table] & seen[table], table


def _root_of(table: str, placed: dict[str, Wall]) -> Wall:
    while placed[table].parent:
        table = placed[table].parent
    return placed[table]


def test_everybody_adds_to_the_trail_and_is_not_shown_what_they_added(
    sides: Sides, login: Connection
) -> None:
    put(login, sign(login, sides.us))
    before = len(sides.ground.seen(login)["audit_auditevent"])
    login.execute(
        "INSERT INTO audit_auditevent (uid, occurred_at, request_uid, actor_kind, actor_uid, actor_label, event,"
        " subject_uid, subject_number, node_path, person_uid, reason)"
        " SELECT 'added', now(), '', 'staff', 'x', '', 'test:thing:done', '', '', node_path, '', ''"
        " FROM (SELECT path AS node_path FROM network_unit WHERE number = 'WANGQIAO') foreign_node"
    )
    assert len(sides.ground.seen(login)["audit_auditevent"]) == before


def test_only_reviewed_tables_that_name_nobody_stand_outside_a_wall(sides: Sides, login: Connection) -> None:
    models = {model._meta.db_table: model for model in apps.get_models()}
    outside = {
        table
        for table, model in models.items()
        if model.__dict__.get("pii") in (Pii.PERSONAL, Pii.PSEUDONYMOUS) and table not in walls(login)
    }
    assert outside == set(WITHOUT_WALL)
    assert not [table for table in outside if names_a_person(models[table])]


def test_no_scope_shows_nothing(sides: Sides, login: Connection) -> None:
    assert nothing(sides, login)


def test_the_unsigned_settings_of_old_show_nothing(sides: Sides, login: Connection) -> None:
    for name, value in (("kind", "system"), ("paths", "/"), ("resident", "1")):
        login.execute("SELECT set_config(%s, %s, true)", [f"anxin.scope_{name}", value])
    assert nothing(sides, login)


def _alterations(genuine: str) -> list[str]:
    version, kind, residents, paths, expiry, mac = genuine.split("|")
    return [
        "|".join(parts)
        for parts in (
            ("2", kind, residents, paths, expiry, mac),
            ("", kind, residents, paths, expiry, mac),
            (version, "system", residents, paths, expiry, mac),
            (version, "resident", residents, paths, expiry, mac),
            (version, kind, "1,2,3", paths, expiry, mac),
            (version, kind, residents, "/", expiry, mac),
            (version, kind, residents, f"{paths},/", expiry, mac),
            (version, kind, residents, f"{paths}|/", expiry, mac),
            (version, kind, residents, f"{paths},watch:/", expiry, mac),
            (version, kind, residents, paths.replace("self:", "watch:/,self:"), expiry, mac),
            (version, kind, residents, paths, str(int(expiry) + 1), mac),
            (version, kind, residents, paths, expiry, mac[:-1] + ("0" if mac[-1] != "0" else "1")),
            (version, kind, residents, paths, expiry, mac[:32]),
            (version, kind, residents, paths, expiry, ""),
            (version, kind, residents, paths, expiry, mac.upper()),
            (version, kind, f"{residents}|{paths}", "", expiry, mac),
        )
    ]


def test_a_genuine_scope_with_one_part_altered_shows_nothing(sides: Sides, login: Connection) -> None:
    genuine = sign(login, sides.us)
    put(login, genuine)
    assert not nothing(sides, login)
    for altered in _alterations(genuine):
        put(login, altered)
        assert nothing(sides, login), altered


def test_what_is_no_scope_at_all_shows_nothing_and_says_nothing(sides: Sides, login: Connection) -> None:
    for text in (
        *("", "|", "|||||", "||||||", "1|system|||x|y", "1|system|||9999999999|", "x" * 100_000),
        *("1|system|||1e999999|" + "0" * 64, "\\x00|\\|%s|{}|()|;", "1|系统|一|二|三|四", "'; SELECT 1; --"),
        *("1|system|NULL|NULL|NULL|NULL", "{1,system}", "1|staff|9223372036854775808|/|9999999999|z"),
    ):
        put(login, text)
        assert nothing(sides, login), text


def test_a_scope_signed_with_another_key_shows_nothing(
    sides: Sides, login: Connection, settings: pytest.FixtureRequest
) -> None:
    settings.ANXIN_SCOPE_KEYS = {"1": "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="}  # type: ignore[attr-defined]
    put(login, sign(login, SYSTEM))
    assert nothing(sides, login)


def test_a_scope_that_has_run_out_shows_nothing(sides: Sides, login: Connection) -> None:
    put(login, sign(login, SYSTEM, lasting_seconds=-2))
    assert nothing(sides, login)
    put(login, sign(login, SYSTEM, lasting_seconds=60))
    assert not nothing(sides, login)


def _again_after_commit(connection: Connection) -> None:
    connection.commit()


def _again_after_rollback(connection: Connection) -> None:
    connection.rollback()


def _again_in_one_message(connection: Connection) -> None:
    connection.execute("COMMIT; BEGIN")


def _again_by_chaining(connection: Connection) -> None:
    connection.execute("COMMIT AND CHAIN")


REPLAYS = [_again_after_commit, _again_after_rollback, _again_in_one_message, _again_by_chaining]


@pytest.mark.parametrize("again", REPLAYS)
def test_a_scope_of_the_last_transaction_of_this_backend_shows_nothing(
    sides: Sides, login: Connection, again: Callable[[Connection], None]
) -> None:
    overheard = sign(login, SYSTEM)
    put(login, overheard)
    assert not nothing(sides, login)
    again(login)
    put(login, overheard)
    assert nothing(sides, login)


def test_a_scope_overheard_in_another_backend_shows_nothing_while_that_transaction_runs(
    sides: Sides, login: Connection
) -> None:
    with sides.ground.login("anxin_app") as victim:
        overheard = sign(victim, SYSTEM)
        put(victim, overheard)
        assert not nothing(sides, victim)
        put(login, overheard)
        assert nothing(sides, login)


def test_a_transaction_inside_a_block_of_code_is_another_transaction(sides: Sides) -> None:
    with sides.ground.login("anxin_app", autocommit=True) as login:
        login.execute("CREATE TEMP TABLE overheard (valid boolean, again boolean)")
        login.execute("SET anxin.scope = ''")
        login.execute("BEGIN")
        scope = sign(login, SYSTEM)
        put(login, scope)
        assert login.execute("SELECT scope_is_valid()").fetchone() == (True,)
        login.execute("COMMIT")
        login.execute(
            "DO $$ BEGIN COMMIT; PERFORM set_config('anxin.scope', '" + scope + "', false);"
            " INSERT INTO overheard VALUES (scope_is_valid(), EXISTS (SELECT FROM residents_resident)); END $$"
        )
        assert login.execute("SELECT * FROM overheard").fetchall() == [(False, False)]


def test_a_session_that_keeps_its_scope_carries_nothing_to_the_next_person(
    sides: Sides, login: Connection
) -> None:
    put(login, sign(login, sides.us), is_local=False)
    assert not nothing(sides, login)
    login.commit()
    assert login.execute("SELECT current_setting('anxin.scope')").fetchone() != ("",)
    assert nothing(sides, login)


def test_taking_back_a_step_takes_back_its_scope(sides: Sides, login: Connection) -> None:
    put(login, sign(login, sides.us))
    login.execute("SAVEPOINT step")
    put(login, sign(login, SYSTEM))
    assert sides.theirs["residents_resident"] <= sides.ground.seen(login)["residents_resident"]
    login.execute("ROLLBACK TO step")
    assert not sides.theirs["residents_resident"] & sides.ground.seen(login)["residents_resident"]


@pytest.mark.parametrize("mode", ["force_generic_plan", "force_custom_plan", "auto"])
def test_a_prepared_statement_asks_again_for_every_person(sides: Sides, login: Connection, mode: str) -> None:
    login.execute("SELECT set_config('plan_cache_mode', %s, false)", [mode])
    login.execute("PREPARE everybody AS SELECT id FROM residents_resident")
    login.commit()
    for actor, own, foreign in (
        (sides.us, sides.ours, sides.theirs),
        (sides.them, sides.theirs, sides.ours),
    ) * 4:
        put(login, sign(login, actor))
        seen = {key for (key,) in login.execute("EXECUTE everybody").fetchall()}
        assert own["residents_resident"] <= seen
        assert not foreign["residents_resident"] & seen
        login.commit()
        assert login.execute("EXECUTE everybody").fetchall() == []
        login.commit()


def test_a_parallel_query_sees_what_a_plain_one_sees(sides: Sides, login: Connection) -> None:
    put(login, sign(login, sides.us))
    plain = sides.ground.seen(login)
    name = "debug_parallel_query" if login.info.server_version >= 160_000 else "force_parallel_mode"
    for setting, value in (
        *((name, "on"), ("parallel_setup_cost", "0"), ("parallel_tuple_cost", "0")),
        *(("min_parallel_table_scan_size", "0"), ("max_parallel_workers_per_gather", "4")),
    ):
        login.execute("SELECT set_config(%s, %s, true)", [setting, value])
    plan = login.execute("EXPLAIN SELECT count(*) FROM residents_resident").fetchall()
    assert any("Gather" in line for (line,) in plan)
    assert sides.ground.seen(login) == plain
    for table in sides.ground.keys:
        counted = login.execute(f'SELECT count(*) FROM "{table}"').fetchone()
        assert counted == (len(plain.get(table, set())),), table


def test_a_condition_of_ones_own_meets_no_foreign_row_before_the_wall_does(
    sides: Sides, login: Connection
) -> None:
    put(login, sign(login, sides.us))
    login.execute("CREATE TEMP TABLE met (key bigint)")
    login.execute(
        "CREATE FUNCTION pg_temp.look(key bigint) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS"
        " $$ BEGIN INSERT INTO met VALUES (key); RETURN true; END $$"
    )
    login.execute("SELECT count(*) FROM residents_resident WHERE pg_temp.look(id)")
    met = {key for (key,) in login.execute("SELECT key FROM met").fetchall()}
    assert sides.ours["residents_resident"] <= met
    assert not sides.theirs["residents_resident"] & met
    foreign = min(sides.theirs["residents_resident"])
    assert login.execute(
        "SELECT count(*) FROM residents_resident WHERE 1 / (id - %s) = 2", [foreign]
    ).fetchone()


def test_foreign_rows_can_be_neither_changed_nor_taken_nor_made(sides: Sides, login: Connection) -> None:
    put(login, sign(login, sides.us))
    for table, key in sides.ground.keys.items():
        for statement in (f'UPDATE "{table}" SET "{key}" = "{key}"', f'DELETE FROM "{table}"'):
            login.execute("SAVEPOINT before")
            try:
                done = login.execute(f'{statement} WHERE "{key}" = ANY (%s)', [sorted(sides.theirs[table])])
                assert done.rowcount == 0, statement
            except psycopg.errors.InsufficientPrivilege:
                pass  # a log that only grows
            login.execute("ROLLBACK TO before")
    path = login.execute("SELECT path FROM network_unit WHERE number = 'WANGQIAO'").fetchone()
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        login.execute("UPDATE residents_resident SET scope_path = %s", path)
