"""The trail stands behind the second wall: its rows are read by whoever watches over the node, and by who is named.

The functions that seal it work for the owner, whom the wall holds too; they sign for themselves, and stop when the
database does not believe them: a row that is not seen would be sealed as one that is gone.
"""

from django.db import migrations

from anxin.kernel.row_security import trail, trail_part

SEAL = """
ALTER FUNCTION audit_seal(integer, timestamptz) RENAME TO audit_seal_rows;
ALTER FUNCTION audit_root(bigint, timestamptz) RENAME TO audit_root_row;
REVOKE ALL ON FUNCTION audit_seal_rows(integer, timestamptz), audit_root_row(bigint, timestamptz)
  FROM PUBLIC, anxin_app, anxin_worker, anxin_intake;
CREATE FUNCTION audit_take_scope() RETURNS text
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  before text := coalesce(current_setting('anxin.scope', true), '');
BEGIN
  PERFORM walls.take_house_scope();
  IF NOT scope_is_valid() THEN
    RAISE EXCEPTION 'the trail cannot be sealed behind a wall that does not open; run anxin migrate';
  END IF;
  RETURN before;
END
$$;
CREATE FUNCTION audit_seal(most integer, moment timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  before text := audit_take_scope();
  sealed integer := audit_seal_rows(most, moment);
BEGIN
  PERFORM set_config('anxin.scope', before, true);
  RETURN sealed;
END
$$;
CREATE FUNCTION audit_root(at_sequence bigint, moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  before text := audit_take_scope();
BEGIN
  PERFORM audit_root_row(at_sequence, moment);
  PERFORM set_config('anxin.scope', before, true);
END
$$;
REVOKE ALL ON FUNCTION audit_take_scope(), audit_seal(integer, timestamptz), audit_root(bigint, timestamptz)
  FROM PUBLIC, anxin_app, anxin_worker, anxin_intake;
GRANT EXECUTE ON FUNCTION audit_seal(integer, timestamptz), audit_root(bigint, timestamptz) TO anxin_worker;
"""

UNDO = """
DROP FUNCTION audit_seal(integer, timestamptz), audit_root(bigint, timestamptz), audit_take_scope();
ALTER FUNCTION audit_seal_rows(integer, timestamptz) RENAME TO audit_seal;
ALTER FUNCTION audit_root_row(bigint, timestamptz) RENAME TO audit_root;
GRANT EXECUTE ON FUNCTION audit_seal(integer, timestamptz), audit_root(bigint, timestamptz) TO anxin_worker;
"""


class Migration(migrations.Migration):
    """Row-level security on the trail, and sealers that pass it."""

    dependencies = [("audit", "0004_seals"), ("kernel", "0005_scope_of_ledgers")]
    operations = [
        trail("audit_auditevent", path="node_path", names=("actor_uid", "person_uid")),
        trail_part("audit_auditshare", parent="audit_auditevent", key="event_uid"),
        migrations.RunSQL(sql=SEAL, reverse_sql=UNDO),
    ]
