"""What was published is fixed for ever, by the database itself; the history only grows.

The table of moves stands in ``rules/drafts.py`` too; here it holds against every program that can reach the row.
"""

from django.db import migrations

from anxin.kernel.row_security import append_only

# On its way into the world a definition may change in one thing only: who approved its translations.
VERSIONS = """
CREATE FUNCTION instruments_hold_version() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'version % of % is kept for ever', OLD.version, OLD.instrument USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      RAISE EXCEPTION 'a version begins as a draft' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (OLD.uid, OLD.instrument, OLD.version, OLD.author_id, OLD.created_at)
     IS DISTINCT FROM (NEW.uid, NEW.instrument, NEW.version, NEW.author_id, NEW.created_at) THEN
    RAISE EXCEPTION 'name, number and author of a version are fixed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
      ('draft', 'in_review'), ('draft', 'discarded'), ('in_review', 'draft'), ('in_review', 'published'),
      ('published', 'retired')) THEN
    RAISE EXCEPTION 'a version does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'in_review' AND NEW.state = 'published' THEN
    IF (OLD.definition #- '{provenance,translations}') IS DISTINCT FROM (NEW.definition #- '{provenance,translations}')
       OR OLD.key_hash IS DISTINCT FROM NEW.key_hash THEN
      RAISE EXCEPTION 'what is published is what was reviewed' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF OLD.state <> 'draft' AND (OLD.definition, OLD.key_hash, OLD.changes, OLD.based_on, OLD.release)
     IS DISTINCT FROM (NEW.definition, NEW.key_hash, NEW.changes, NEW.based_on, NEW.release) THEN
    RAISE EXCEPTION 'version % of % is fixed', OLD.version, OLD.instrument USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state IN ('published', 'retired') AND (OLD.reviewer_id, OLD.reviewed_at, OLD.publisher_id, OLD.published_at)
     IS DISTINCT FROM (NEW.reviewer_id, NEW.reviewed_at, NEW.publisher_id, NEW.published_at) THEN
    RAISE EXCEPTION 'who published version % of % is fixed', OLD.version, OLD.instrument
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER instruments_hold_version BEFORE INSERT OR UPDATE OR DELETE ON instruments_instrumentversion
  FOR EACH ROW EXECUTE FUNCTION instruments_hold_version();
"""

TEXTS = """
CREATE FUNCTION instruments_hold_text() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a licensed text is ended, not removed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.uid, OLD.instrument, OLD.language, OLD.form_hash, OLD.text, OLD.text_sha256, OLD.holder,
      OLD.permission_number, OLD.permission_scope, OLD.expires_on, OLD.evidence_name, OLD.evidence_sha256,
      OLD.recorded_by_id, OLD.recorded_at)
     IS DISTINCT FROM (NEW.uid, NEW.instrument, NEW.language, NEW.form_hash, NEW.text, NEW.text_sha256, NEW.holder,
      NEW.permission_number, NEW.permission_scope, NEW.expires_on, NEW.evidence_name, NEW.evidence_sha256,
      NEW.recorded_by_id, NEW.recorded_at) THEN
    RAISE EXCEPTION 'a licensed text and its permission are fixed once recorded' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
      ('recorded', 'active'), ('recorded', 'ended'), ('active', 'ended')) THEN
    RAISE EXCEPTION 'a licensed text does not go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER instruments_hold_text BEFORE UPDATE OR DELETE ON instruments_textbinding
  FOR EACH ROW EXECUTE FUNCTION instruments_hold_text();
"""


class Migration(migrations.Migration):
    """Triggers and rights that models cannot express."""

    dependencies = [("instruments", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        migrations.RunSQL(
            sql=VERSIONS,
            reverse_sql="DROP TRIGGER instruments_hold_version ON instruments_instrumentversion;"
            " DROP FUNCTION instruments_hold_version();",
        ),
        migrations.RunSQL(
            sql=TEXTS,
            reverse_sql="DROP TRIGGER instruments_hold_text ON instruments_textbinding;"
            " DROP FUNCTION instruments_hold_text();",
        ),
        append_only("instruments_versionentry"),
    ]
