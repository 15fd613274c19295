"""What the roles that serve requests can do beside reading and writing rows: nothing that moves a wall."""

import psycopg
import pytest
from psycopg import sql

from anxin.intake.sendings import SignalSending, SubmissionSending
from anxin.kernel.actor import Actor
from tests.walls.conftest import Sides
from tests.walls.ground import put, sign, walls

SERVING = ("anxin_app", "anxin_worker", "anxin_intake")
SYSTEM = Actor.system("attacker")
SIGNED = "( SELECT scope_paths() AS scope_paths), ( SELECT scope_residents() AS scope_residents))"

# What each of the roles is refused. The last ones would be ways around: the server's files, and other programs.
REFUSED = (
    "SET ROLE anxin_owner",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION anxin_owner",
    "GRANT anxin_owner TO CURRENT_USER",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "CREATE ROLE helper",
    "SET track_activities = on",
    "SET session_replication_role = replica",
    "ALTER TABLE residents_resident DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE residents_resident NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE residents_resident OWNER TO CURRENT_USER",
    "DROP POLICY residents_resident_scope ON residents_resident",
    "ALTER POLICY residents_resident_scope ON residents_resident USING (true)",
    "CREATE POLICY mine ON residents_resident USING (true)",
    "CREATE TRIGGER mine BEFORE UPDATE ON residents_resident EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE mine AS ON SELECT TO residents_resident DO INSTEAD NOTHING",
    "TRUNCATE residents_resident CASCADE",
    "DROP TABLE residents_resident CASCADE",
    "CREATE TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION scope_paths() RETURNS text[] LANGUAGE sql AS $$ SELECT ARRAY[''] $$",
    "ALTER FUNCTION scope_paths() SECURITY INVOKER",
    "DROP FUNCTION scope_paths() CASCADE",
    "CREATE OPERATOR public.^@ (leftarg = text, rightarg = text, procedure = texteq)",
    "SELECT * FROM walls.scope_key",
    "INSERT INTO walls.scope_key VALUES ('9', '', '')",
    "SELECT walls.scope_now()",
    "SELECT walls.scope_mac('{1,system,,,9999999999}')",
    "SELECT walls.take_house_scope()",
    "SELECT audit_take_scope()",
    "SELECT audit_seal_rows(1, now())",
    "CREATE OR REPLACE FUNCTION scope_selves() RETURNS text[] LANGUAGE sql AS $$ SELECT ARRAY['x'] $$",
    "CREATE TABLE walls.mine (id int)",
    "GRANT USAGE ON SCHEMA walls TO PUBLIC",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT lo_import('/etc/passwd')",
    "COPY residents_resident TO '/tmp/rows'",
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "ALTER SYSTEM SET row_security = off",
    "CREATE EXTENSION file_fdw",
    "CREATE SUBSCRIPTION mine CONNECTION '' PUBLICATION mine",
    "SELECT pg_create_logical_replication_slot('mine', 'pgoutput')",
)
_NO_SUCH_WAY = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.ObjectNotInPrerequisiteState,  # logical replication is not even switched on
)


@pytest.mark.parametrize("role", SERVING)
@pytest.mark.parametrize("statement", REFUSED)
def test_a_wall_cannot_be_moved(sides: Sides, role: str, statement: str) -> None:
    with sides.ground.login(role, autocommit=True) as login, pytest.raises(_NO_SUCH_WAY):
        login.execute(statement)


@pytest.mark.parametrize("role", ["anxin_app", "anxin_worker"])
def test_bringing_rows_in_in_bulk_and_emptying_are_refused_on_walled_tables(sides: Sides, role: str) -> None:
    with sides.ground.login(role, autocommit=True) as login:
        for table in sides.ground.keys:
            bulk = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
            refused = (psycopg.errors.FeatureNotSupported, psycopg.errors.InsufficientPrivilege)
            with pytest.raises(refused), login.cursor() as cursor, cursor.copy(bulk):
                pass
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                login.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.Identifier(table)))


@pytest.mark.parametrize("role", ["anxin_app", "anxin_worker"])
def test_switching_row_security_off_is_an_error_and_no_way_around(sides: Sides, role: str) -> None:
    with sides.ground.login(role, autocommit=True) as login:
        login.execute("SET row_security = off")
        for table in sides.ground.keys:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
                login.execute(sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(table)))


def test_the_owner_too_is_shown_nothing_without_a_scope(sides: Sides) -> None:
    with sides.ground.login("anxin_owner") as owner:
        assert sides.ground.seen(owner) == {}
        owner.execute("SELECT walls.take_house_scope()")
        assert sides.theirs["residents_resident"] <= sides.ground.seen(owner)["residents_resident"]


def test_the_serving_roles_own_nothing_and_may_take_on_no_other_role(sides: Sides) -> None:
    with sides.ground.login("anxin_app") as login:
        for catalogue, owner in (
            *(("pg_class", "relowner"), ("pg_proc", "proowner"), ("pg_namespace", "nspowner")),
            *(("pg_type", "typowner"), ("pg_operator", "oprowner"), ("pg_database", "datdba")),
        ):
            owned = login.execute(
                sql.SQL("SELECT count(*) FROM {} WHERE {}::regrole::text = ANY (%s)").format(
                    sql.Identifier(catalogue), sql.Identifier(owner)
                ),
                [list(SERVING)],
            ).fetchone()
            assert owned == (0,), catalogue
        assert login.execute(
            "SELECT count(*) FROM pg_roles r, pg_roles other WHERE r.rolname = ANY (%s) AND other.oid <> r.oid"
            " AND pg_has_role(r.oid, other.oid, 'MEMBER')",
            [list(SERVING)],
        ).fetchone() == (0,)
        assert login.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname = ANY (%s)"
            " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
            [list(SERVING)],
        ).fetchone() == (0,)


def test_every_function_that_works_as_the_owner_pins_where_it_looks_and_is_known(sides: Sides) -> None:
    with sides.ground.login("anxin_app") as login:
        rows = login.execute(
            "SELECT p.oid::regproc::text, p.proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
    assert {"scope_paths", "scope_residents", "scope_is_valid", "campaigns_take_in"} <= {
        name for name, _ in rows
    }
    for name, settings in rows:
        pinned = [one for one in settings or [] if one.startswith("search_path=")]
        assert pinned, name
        assert pinned[0].endswith("pg_temp"), name


def test_every_wall_asks_for_the_signature_or_asks_a_table_that_does(sides: Sides) -> None:
    with sides.ground.login("anxin_app") as login:
        standing = walls(login)
        checks = login.execute(
            "SELECT tablename, qual, with_check, cmd, permissive FROM pg_policies"
        ).fetchall()
    assert set(standing) == set(sides.ground.keys)
    adding = [row for row in checks if row[3] != "ALL"]
    assert sorted(adding) == [
        (table, None, "true", "INSERT", "PERMISSIVE") for table in ("audit_auditevent", "audit_auditshare")
    ]
    assert len(checks) == len(standing) + len(adding)
    for table, seen, written, command, permissive in checks:
        if command == "INSERT":
            continue
        assert (seen, command, permissive) == (written, "ALL", "PERMISSIVE"), table
        wall = standing[table]
        asked = seen.count("scope_sees(")
        assert asked == seen.count(SIGNED), table
        assert asked or wall.parent in standing, table
        assert "current_setting" not in seen, table


def test_statistics_of_walled_tables_are_shown_to_nobody_who_serves(sides: Sides) -> None:
    with sides.ground.login("postgres", autocommit=True) as superuser:
        superuser.execute("ANALYZE residents_resident")
    with sides.ground.login("anxin_app") as login:
        put(login, sign(login, SYSTEM))
        shown = login.execute(
            "SELECT count(*) FROM pg_stats WHERE tablename = ANY (%s)", [list(sides.ground.keys)]
        )
        assert shown.fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            login.execute("SELECT * FROM pg_statistic")


def test_the_words_of_another_session_are_not_shown(sides: Sides) -> None:
    with sides.ground.login("anxin_app") as victim, sides.ground.login("anxin_app") as login:
        victim.execute("SELECT 'a name in a statement'")
        words = login.execute(
            "SELECT query FROM pg_stat_activity WHERE usename = 'anxin_app' AND pid <> pg_backend_pid()"
        ).fetchall()
    assert words
    assert all("a name" not in query for (query,) in words)


def test_the_intake_role_is_refused_every_table_view_and_sequence(sides: Sides) -> None:
    with sides.ground.login("anxin_intake") as login:
        rows = login.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
            " AND c.relkind IN ('r', 'v', 'm', 'p')"
            " AND (has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')"
            " OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))"
        ).fetchall()
        assert rows == []
        rows = login.execute(
            "SELECT oid::regclass::text FROM pg_class"
            " WHERE CASE WHEN relkind = 'S' THEN has_sequence_privilege(oid, 'USAGE, SELECT') ELSE false END"
        ).fetchall()
        assert rows == []


def test_the_intake_role_may_call_its_functions_and_no_other_of_ours(sides: Sides) -> None:
    with sides.ground.login("anxin_intake") as login:
        rows = login.execute(
            "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND has_function_privilege(p.oid, 'EXECUTE')"
            " AND has_schema_privilege(n.oid, 'USAGE') AND NOT EXISTS (SELECT FROM pg_depend d"
            " WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e') ORDER BY 1"
        ).fetchall()
    assert [name for (name,) in rows] == [
        "campaigns_hear_signals",
        "campaigns_intake_steps",
        "campaigns_take_in",
    ]
    assert "campaigns_take_in" in SubmissionSending.QUERY
    assert "campaigns_hear_signals" in SignalSending.QUERY


def test_a_call_of_intake_leaves_no_scope_behind(sides: Sides) -> None:
    with sides.ground.login("anxin_intake") as login:
        assert (
            login.execute(f"SELECT * FROM campaigns_hear_signals({_signal_call()}, now())").fetchall() == []
        )
        assert login.execute("SELECT current_setting('anxin.scope', true)").fetchone() == ("",)


def _signal_call() -> str:
    kinds = ("bigint", "bigint", "int", "int", "text", "text", "text", "int", "boolean", "timestamptz")
    return ", ".join(f"'{{}}'::{kind}[]" for kind in kinds)
