"""The one door of the intake role: functions that take in many forms in one call and answer for each by itself.

They run as the owner of the tables (SECURITY DEFINER) with a fixed search path and the scope of the house, check what
the ordinary road checks, and write what it writes, the trail included. The role has EXECUTE on them and no right on
any table. Columns come as parallel arrays, which costs both sides a fraction of JSON. A caller sends a key once in a
call.

The checks are in one statement with the INSERT, so a refused row costs its neighbours nothing. What was taken already
is looked at row by row, in statements of their own, whose snapshots see what a rival has just committed.
"""

from django.db import migrations

# A participant may hand in while the campaign runs. What was answered offline in time may come later, until triage.
# A critical answer is heard as long as anybody works on the campaign.
REFUSAL = """
CREATE FUNCTION campaigns_refusal(
  found boolean, known_version integer, sent_version integer, consent text, assent text, state text,
  runs_from timestamptz, runs_until timestamptz, step_found boolean, channel text,
  answered timestamptz, received timestamptz
) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN NOT found THEN 'token-unknown'
    WHEN known_version <> sent_version THEN 'token-replaced'
    WHEN consent <> 'given' OR assent IN ('refused', 'withdrawn') THEN 'consent-missing'
    WHEN coalesce(received < runs_from, false) THEN 'campaign-closed'
    WHEN CASE channel
      WHEN 'signal' THEN state NOT IN ('running', 'quality_check', 'triaged', 'interviewing')
      WHEN 'offline' THEN state NOT IN ('running', 'quality_check') OR coalesce(answered >= runs_until, false)
      ELSE state <> 'running' OR coalesce(received >= runs_until, false)
    END THEN 'campaign-closed'
    WHEN NOT step_found THEN 'step-unknown'
  END
$$;
"""

# Derived from the participant and the step, and the sitting's uid later on. Its first half is the participant's own, so
# that those of one class lie side by side in an index, however many millions are there already.
UID = """
CREATE FUNCTION campaigns_submission_uid(participant_uid text, step integer) RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT (left(participant_uid, 14) || '8' || substr(participant_uid, 16, 4) || '8'
    || left(encode(sha256(convert_to(participant_uid || '/' || step::text, 'UTF8')), 'hex'), 15))::uuid
$$;
"""

STEPS = """
CREATE FUNCTION campaigns_intake_steps(wanted bigint)
RETURNS TABLE ("position" integer, instrument text, instrument_version text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.position::integer, s.instrument::text, s.instrument_version::text
  FROM campaigns_step s WHERE s.campaign_id = wanted
$$;
"""

# The trail gets one line for each campaign in a call, as the ordinary road writes one for its one form; what was taken
# in, from whom and when is in the forms themselves, which nobody can change either and which carry the same moment. The
# person's own trail gets its line when the form becomes a sitting.
TRAIL = """INSERT INTO audit_auditevent (uid, occurred_at, request_uid, actor_kind, actor_uid, actor_label, event,
      subject_uid, subject_number, node_path, person_uid, reason)
    SELECT stamp || lpad(to_hex(row_number() OVER ()), 4, '0'), received, '', 'system', 'system:intake', 'intake', """

# UUIDv7s of the trail: this millisecond, chance, and the place in the call. One piece of chance for all, for without
# OpenSSL PostgreSQL opens the system's device for every one.
STAMP = """stamp text := overlay(lpad(to_hex((extract(epoch FROM received) * 1000)::bigint), 12, '0') PLACING '-' FROM 9
    FOR 0) || '-7' || substr(gen_random_uuid()::text, 16, 17);"""

TAKE_IN = f"""
CREATE FUNCTION campaigns_take_in(
  participants bigint[], campaigns bigint[], versions integer[], steps integer[], instruments text[],
  instrument_versions text[], answers text[], deciseconds text[], digests text[], scores text[], criticals boolean[],
  channels text[], answered timestamptz[], received timestamptz
) RETURNS TABLE (place integer, outcome text, uid uuid)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  {STAMP}
  known record;
BEGIN
  PERFORM set_config('anxin.scope_kind', 'system', true);
  FOR place, outcome, uid IN
    WITH sent AS MATERIALIZED (
      SELECT * FROM unnest(participants, campaigns, versions, steps, instruments, instrument_versions, answers,
        deciseconds, digests, scores, criticals, channels, answered) WITH ORDINALITY
        AS row (participant_id, campaign_id, version, step, instrument, instrument_version, answers, deciseconds,
          digest, scores, is_critical, channel, answered_at, place)
    ), judged AS MATERIALIZED (
      SELECT sent.*, p.scope_path, c.uid AS campaign_uid, c.number, c.scope_path AS campaign_path, s.language,
        campaigns_submission_uid(p.uid, sent.step) AS submission_uid,
        campaigns_refusal(p.id IS NOT NULL, p.token_version, sent.version, p.consent, p.assent, c.state, c.runs_from,
          c.runs_until, s.id IS NOT NULL, sent.channel, sent.answered_at, received) AS refusal
      FROM sent
      LEFT JOIN campaigns_participant p ON p.id = sent.participant_id AND p.campaign_id = sent.campaign_id
      LEFT JOIN campaigns_campaign c ON c.id = p.campaign_id
      LEFT JOIN campaigns_step s ON s.campaign_id = p.campaign_id AND s.position = sent.step
        AND s.instrument = sent.instrument AND s.instrument_version = sent.instrument_version
    ), stored AS (
      INSERT INTO campaigns_submission (uid, campaign_id, participant_id, scope_path, step, instrument,
        instrument_version, language, answers, deciseconds, digest, scores, is_critical, channel, answered_at,
        received_at)
      SELECT submission_uid, campaign_id, participant_id, scope_path, step, instrument, instrument_version, language,
        answers::smallint[], deciseconds::smallint[], decode(digest, 'hex'), scores::jsonb, is_critical, channel,
        answered_at, received
      FROM judged WHERE refusal IS NULL ORDER BY place
      ON CONFLICT DO NOTHING
      RETURNING participant_id, step
    ), trail AS (
      {TRAIL}
        'campaigns:submission:taken_in', campaign_uid, number, campaign_path, '', ''
      FROM (SELECT DISTINCT campaign_uid, number, campaign_path FROM judged WHERE refusal IS NULL) AS touched
    )
    SELECT judged.place::integer,
      CASE WHEN refusal IS NOT NULL THEN refusal WHEN stored.step IS NULL THEN 'taken' ELSE 'stored' END,
      submission_uid
    FROM judged LEFT JOIN stored USING (participant_id, step)
  LOOP
    IF outcome = 'taken' THEN
      SELECT s.id, s.digest INTO STRICT known FROM campaigns_submission s
        WHERE s.participant_id = participants[place] AND s.step = steps[place];
      IF known.digest = decode(digests[place], 'hex') THEN
        outcome := 'already-there';
      ELSE
        INSERT INTO campaigns_submissionconflict (submission_id, answers, digest, channel, answered_at, received_at)
        VALUES (known.id, answers[place]::smallint[], decode(digests[place], 'hex'), channels[place], answered[place],
          received)
        ON CONFLICT DO NOTHING;
        outcome := 'conflict';
      END IF;
    END IF;
    RETURN NEXT;
  END LOOP;
END
$$;
"""

HEAR = f"""
CREATE FUNCTION campaigns_hear_signals(
  participants bigint[], campaigns bigint[], versions integer[], steps integer[], instruments text[],
  instrument_versions text[], items text[], codes integer[], late boolean[], answered timestamptz[],
  received timestamptz
) RETURNS TABLE (place integer, outcome text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  {STAMP}
BEGIN
  PERFORM set_config('anxin.scope_kind', 'system', true);
  RETURN QUERY
  WITH sent AS MATERIALIZED (
    SELECT * FROM unnest(participants, campaigns, versions, steps, instruments, instrument_versions, items, codes,
      late, answered) WITH ORDINALITY
      AS row (participant_id, campaign_id, version, step, instrument, instrument_version, item, code, is_late,
        answered_at, place)
  ), judged AS MATERIALIZED (
    SELECT sent.*, p.scope_path, p.uid AS participant_uid,
      campaigns_refusal(p.id IS NOT NULL, p.token_version, sent.version, p.consent, p.assent, c.state, c.runs_from,
        c.runs_until, s.id IS NOT NULL, 'signal', sent.answered_at, received) AS refusal
    FROM sent
    LEFT JOIN campaigns_participant p ON p.id = sent.participant_id AND p.campaign_id = sent.campaign_id
    LEFT JOIN campaigns_campaign c ON c.id = p.campaign_id
    LEFT JOIN campaigns_step s ON s.campaign_id = p.campaign_id AND s.position = sent.step
      AND s.instrument = sent.instrument AND s.instrument_version = sent.instrument_version
  ), stored AS (
    INSERT INTO campaigns_criticalsignal (participant_id, scope_path, step, item, code, is_late, answered_at,
      received_at)
    SELECT participant_id, scope_path, step, item, code, is_late, answered_at, received
    FROM judged WHERE refusal IS NULL ORDER BY place
    ON CONFLICT DO NOTHING
    RETURNING participant_id, step, item, code
  ), trail AS (
    {TRAIL}
      'campaigns:signal:heard', participant_uid, instrument, scope_path, participant_uid, ''
    FROM judged WHERE refusal IS NULL ORDER BY place
  )
  SELECT judged.place::integer,
    CASE WHEN refusal IS NOT NULL THEN refusal WHEN stored.code IS NULL THEN 'already-there' ELSE 'stored' END
  FROM judged LEFT JOIN stored USING (participant_id, step, item, code);
END
$$;
"""

SIGNATURES = {
    "campaigns_take_in": "bigint[], bigint[], integer[], integer[], text[], text[], text[], text[], text[], text[],"
    " boolean[], text[], timestamptz[], timestamptz",
    "campaigns_hear_signals": "bigint[], bigint[], integer[], integer[], text[], text[], text[], integer[], boolean[],"
    " timestamptz[], timestamptz",
    "campaigns_intake_steps": "bigint",
}
# The default rights would give them to the roles that have tables; the ordinary road does not use this door.
GRANTS = "".join(
    f"REVOKE ALL ON FUNCTION {name}({types}) FROM PUBLIC, anxin_app, anxin_worker;"
    f" GRANT EXECUTE ON FUNCTION {name}({types}) TO anxin_intake;"
    for name, types in SIGNATURES.items()
)


class Migration(migrations.Migration):
    """Functions and their grants."""

    dependencies = [
        ("campaigns", "0002_walls"),
        ("audit", "0001_initial"),
        ("kernel", "0001_roles"),
    ]
    operations = [
        migrations.RunSQL(
            sql=[REFUSAL, UID, STEPS, TAKE_IN, HEAR, GRANTS],
            reverse_sql=[
                *(f"DROP FUNCTION {name}({types});" for name, types in SIGNATURES.items()),
                "DROP FUNCTION campaigns_submission_uid(text, integer);",
                "DROP FUNCTION campaigns_refusal;",
            ],
        ),
    ]
