"""Openings, confirmations and exports stand behind the second wall too: for who did it, and who watches the node."""

from django.db import migrations

from anxin.kernel.row_security import ledger

# So that a request of somebody who has nothing open costs nothing more: yes or no, and never whose record.
HOLDS = """
CREATE FUNCTION access_holds_openings(account bigint, session text, moment timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  before text := coalesce(current_setting('anxin.scope', true), '');
  held boolean;
BEGIN
  PERFORM walls.take_house_scope();
  held := EXISTS (SELECT 1 FROM access_breakglass b
      WHERE b.account_id = account AND b.ended_at IS NULL AND b.ends_at > moment)
    OR EXISTS (SELECT 1 FROM access_confirmation c
      WHERE c.account_id = account AND c.session_index = session AND c.ends_at > moment);
  PERFORM set_config('anxin.scope', before, true);
  RETURN held;
END
$$;
REVOKE ALL ON FUNCTION access_holds_openings(bigint, text, timestamptz) FROM PUBLIC, anxin_intake;
GRANT EXECUTE ON FUNCTION access_holds_openings(bigint, text, timestamptz) TO anxin_app, anxin_worker;
"""
NO_HOLDS = "DROP FUNCTION access_holds_openings(bigint, text, timestamptz);"


class Migration(migrations.Migration):
    """Row-level security on the ledgers of this room."""

    dependencies = [
        ("access", "0003_ledgers"),
        ("accounts", "0001_initial"),
        ("kernel", "0005_scope_of_ledgers"),
    ]
    operations = [
        ledger("access_breakglass", path="scope_path", account="account_id"),
        ledger("access_confirmation", path="scope_path", account="account_id"),
        migrations.RunSQL(sql=HOLDS, reverse_sql=NO_HOLDS),
        ledger("access_export", path="scope_path", account="account_id"),
    ]
