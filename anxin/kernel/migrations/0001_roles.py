"""Roles, default rights and the one predicate of row-level security, before any other table exists.

The four roles are made here when the owner may (CREATEROLE) and are otherwise expected to be there: the embedded
manager and ``docs/how-to/production-database.md`` make them. The owner owns and migrates; app and worker get
rows, never tables; intake gets nothing but functions granted to it.
"""

from django.db import migrations

ROLES = """
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['anxin_owner', 'anxin_app', 'anxin_worker', 'anxin_intake'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOSUPERUSER NOBYPASSRLS', wanted);
    END IF;
  END LOOP;
END $$;
GRANT USAGE ON SCHEMA public TO anxin_app, anxin_worker, anxin_intake;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO anxin_app, anxin_worker;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO anxin_app, anxin_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO anxin_app, anxin_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO anxin_app, anxin_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO anxin_app, anxin_worker;
"""

# One expression without a subquery: PostgreSQL then folds it into the query instead of calling it for every row.
PREDICATE = """
CREATE FUNCTION scope_sees(row_path text, row_resident bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE current_setting('anxin.scope_kind', true)
    WHEN 'system' THEN true
    WHEN 'staff' THEN coalesce(
      row_path ^@ ANY (array_remove(string_to_array(current_setting('anxin.scope_paths', true), ','), '')), false)
    WHEN 'resident' THEN coalesce(
      row_resident = nullif(current_setting('anxin.scope_resident', true), '')::bigint, false)
    ELSE false
  END
$$;
GRANT EXECUTE ON FUNCTION scope_sees(text, bigint) TO anxin_app, anxin_worker;
"""


class Migration(migrations.Migration):
    """Runs before every other migration of the project."""

    initial = True
    run_before = [
        ("contenttypes", "0001_initial"),
        ("accounts", "0001_initial"),
        ("audit", "0001_initial"),
        ("network", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(sql=ROLES, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(sql=PREDICATE, reverse_sql="DROP FUNCTION scope_sees(text, bigint);"),
    ]
