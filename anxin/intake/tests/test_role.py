"""The intake role can call its functions and touch nothing."""

import psycopg
import pytest

from anxin.intake.sendings import SubmissionSending
from anxin.intake.tests.conftest import Works
from tests.requirements_marker import requirement

TABLES = (
    "campaigns_submission",
    "campaigns_submissionconflict",
    "campaigns_criticalsignal",
    "campaigns_participant",
    "campaigns_campaign",
    "audit_auditevent",
    "residents_resident",
)


STATEMENTS = (
    "SELECT 1 FROM {}",
    "INSERT INTO {} DEFAULT VALUES",
    "UPDATE {} SET id = id",
    "DELETE FROM {}",
    "TRUNCATE {}",
)


@requirement("R-084")
def test_every_statement_on_a_table_is_refused(works: Works) -> None:
    with psycopg.connect(works.intake_url, autocommit=True) as connection:
        for table in TABLES:
            for statement in STATEMENTS:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement.format(table))


@requirement("R-084")
def test_the_functions_belong_to_the_intake_role_alone(works: Works) -> None:
    names = ("campaigns_take_in", "campaigns_hear_signals", "campaigns_intake_steps")
    with psycopg.connect(works.app_url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT proname, prosecdef, proconfig[1], proowner::regrole::text, r.rolname,"
            " has_function_privilege(r.rolname, p.oid, 'EXECUTE')"
            " FROM pg_proc p, pg_roles r WHERE proname = ANY(%s)"
            " AND r.rolname IN ('anxin_app', 'anxin_worker', 'anxin_intake')",
            [list(names)],
        ).fetchall()
    assert len(rows) == 9
    for _, definer, path, owner, role, may in rows:
        assert definer
        assert path == "search_path=public, pg_temp"
        assert owner == "anxin_owner"
        assert may == (role == "anxin_intake")


@requirement("R-084")
def test_a_temporary_table_cannot_stand_in_for_a_real_one(works: Works) -> None:
    with psycopg.connect(works.intake_url, autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE campaigns_participant (id bigint)")
        rows = connection.execute(
            "SELECT * FROM campaigns_intake_steps(%s)", [works.campaign.campaign.id]
        ).fetchall()
    assert len(rows) == 2
    assert "campaigns_take_in" in SubmissionSending.QUERY
