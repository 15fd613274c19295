"""The signed scope also says who acts and what they watch over, for the walls around the trail and the ledgers.

Both are names among its paths (``anxin/kernel/scopes.py``), so the signature and what it covers stay as they are. A
person has no nodes, but a name.
"""

from django.db import migrations

PATHS = """
CREATE OR REPLACE FUNCTION scope_paths() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  scope text[] := walls.scope_now();
BEGIN
  RETURN CASE
    WHEN scope[1] = 'system' THEN ARRAY['']
    WHEN scope[1] IN ({kinds}) THEN array_remove(string_to_array(scope[3], ','), '')
    ELSE '{{}}'::text[]
  END;
END
$$;
"""

SELVES = """
CREATE FUNCTION scope_selves() RETURNS text[]
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(substr(one, 6)), '{}') FROM unnest(scope_paths()) AS names(one) WHERE one ^@ 'self:'
$$;
REVOKE ALL ON FUNCTION scope_selves() FROM PUBLIC, anxin_intake;
GRANT EXECUTE ON FUNCTION scope_selves() TO anxin_app, anxin_worker;
"""


class Migration(migrations.Migration):
    """Two functions; no table changes."""

    dependencies = [("kernel", "0004_signed_scope")]
    operations = [
        migrations.RunSQL(
            sql=PATHS.format(kinds="'staff', 'resident'"), reverse_sql=PATHS.format(kinds="'staff'")
        ),
        migrations.RunSQL(sql=SELVES, reverse_sql="DROP FUNCTION scope_selves();"),
    ]
