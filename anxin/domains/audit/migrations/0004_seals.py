"""The chain is made inside the database: a trigger says which rows wait, one function seals them, nobody else may.

Rows commit without a seal, so that no writer waits for another. ``audit_seal`` takes the waiting rows it can see, in
their order, whenever they were committed, and gives each the next place and a digest over the row and the digest
before. It works with the rights of the owner: a role that serves requests can add a row to the trail and can neither
choose its place nor take it away. The bytes are those of ``anxin/domains/audit/rules/chain.py``.
"""

from django.db import migrations

from anxin.kernel.row_security import append_only

CANONICAL = """
CREATE FUNCTION audit_netstring(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT octet_length(convert_to(value, 'UTF8'))::text || ':' || value || ','
$$;
CREATE FUNCTION audit_canonical(e audit_auditevent) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT convert_to(
    audit_netstring(e.uid)
    || audit_netstring(to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    || audit_netstring(e.request_uid) || audit_netstring(e.actor_kind) || audit_netstring(e.actor_uid)
    || audit_netstring(e.actor_label) || audit_netstring(e.event) || audit_netstring(e.subject_uid)
    || audit_netstring(e.subject_number) || audit_netstring(e.node_path) || audit_netstring(e.person_uid)
    || audit_netstring(e.reason) || audit_netstring(e.opening_uid), 'UTF8')
$$;
"""

WAITING = """
CREATE FUNCTION audit_await_seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO audit_auditwaiting (event_id) SELECT id FROM fresh;
  RETURN NULL;
END
$$;
CREATE TRIGGER audit_await_seal AFTER INSERT ON audit_auditevent
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION audit_await_seal();
INSERT INTO audit_auditwaiting (event_id) SELECT id FROM audit_auditevent;
"""

# -1: another sealer is at work. A waiting row that is gone is sealed all the same, over nothing: its place tells of it.
SEAL = """
CREATE FUNCTION audit_seal(most integer, moment timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  place bigint;
  last_digest bytea;
  waiting record;
  sealed integer := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('anxin.audit.seal', 0)) THEN
    RETURN -1;
  END IF;
  SELECT s.sequence, s.digest INTO place, last_digest FROM audit_auditseal s ORDER BY s.sequence DESC LIMIT 1;
  IF place IS NULL THEN
    INSERT INTO audit_auditchain (uid, begun_at) VALUES (gen_random_uuid()::text, moment) ON CONFLICT DO NOTHING;
    SELECT 0, sha256(convert_to('anxin-audit-1:' || c.uid, 'UTF8')) INTO place, last_digest
      FROM audit_auditchain c ORDER BY c.begun_at LIMIT 1;
  END IF;
  FOR waiting IN
    WITH taken AS (
      DELETE FROM audit_auditwaiting WHERE event_id IN (
        SELECT w.event_id FROM audit_auditwaiting w ORDER BY w.event_id LIMIT most)
      RETURNING event_id)
    SELECT t.event_id, CASE WHEN e.id IS NULL THEN ''::bytea ELSE audit_canonical(e) END AS canonical
    FROM taken t LEFT JOIN audit_auditevent e ON e.id = t.event_id ORDER BY t.event_id
  LOOP
    place := place + 1;
    sealed := sealed + 1;
    last_digest := sha256(last_digest || int8send(place) || waiting.canonical);
    INSERT INTO audit_auditseal (sequence, event_id, digest, sealed_at)
      VALUES (place, waiting.event_id, last_digest, moment);
  END LOOP;
  RETURN sealed;
END
$$;
CREATE FUNCTION audit_root(at_sequence bigint, moment timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO audit_auditroot (sequence, digest, last_occurred_at, made_at)
  SELECT s.sequence, s.digest,
    coalesce((SELECT max(e.occurred_at) FROM audit_auditseal i JOIN audit_auditevent e ON e.id = i.event_id
     WHERE i.sequence <= at_sequence
       AND i.sequence > coalesce(
         (SELECT max(r.sequence) FROM audit_auditroot r WHERE r.sequence < at_sequence), 0)), moment),
    moment
  FROM audit_auditseal s WHERE s.sequence = at_sequence
  ON CONFLICT DO NOTHING
$$;
REVOKE ALL ON FUNCTION audit_await_seal(), audit_seal(integer, timestamptz), audit_root(bigint, timestamptz)
  FROM PUBLIC, anxin_app, anxin_intake;
GRANT EXECUTE ON FUNCTION audit_seal(integer, timestamptz), audit_root(bigint, timestamptz) TO anxin_worker;
"""

CLOSED = "audit_auditwaiting, audit_auditchain, audit_auditseal, audit_auditroot"
UNDO = """
DROP TRIGGER audit_await_seal ON audit_auditevent;
DROP FUNCTION audit_await_seal();
DROP FUNCTION audit_seal(integer, timestamptz);
DROP FUNCTION audit_root(bigint, timestamptz);
DROP FUNCTION audit_canonical(audit_auditevent);
DROP FUNCTION audit_netstring(text);
"""


class Migration(migrations.Migration):
    """Trigger, functions and rights that models cannot express."""

    dependencies = [("audit", "0003_chain")]
    operations = [
        migrations.RunSQL(sql=CANONICAL + WAITING + SEAL, reverse_sql=UNDO),
        migrations.RunSQL(
            sql=f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {CLOSED} FROM anxin_app, anxin_worker, anxin_intake;",
            reverse_sql=f"GRANT INSERT, UPDATE, DELETE ON {CLOSED} TO anxin_app, anxin_worker;",
        ),
        append_only("audit_auditcheck"),
    ]
