"""The scope of row-level security is signed: the key, the functions that check it, and the walls that ask them.

The key lies in a schema that no serving role may enter; the functions that read it belong to the owner.
``scope_paths`` and ``scope_residents`` stand in every wall as subqueries of their own, so that PostgreSQL asks each at
most once for a table in a query and keeps the answer; ``scope_sees`` compares a row with the answers and is folded into
the query. What is not a valid scope of this transaction sees no row, without a word.
"""

from django.db import migrations

from anxin.kernel.row_security import rebuild_walls
from anxin.kernel.scope_keys import put_keys

VAULT = """
CREATE SCHEMA walls;
REVOKE ALL ON SCHEMA walls FROM PUBLIC;
CREATE TABLE walls.scope_key (
  version text PRIMARY KEY,
  inner_pad bytea NOT NULL CHECK (length(inner_pad) = 64),
  outer_pad bytea NOT NULL CHECK (length(outer_pad) = 64)
);
REVOKE ALL ON walls.scope_key FROM PUBLIC, anxin_app, anxin_worker, anxin_intake;
"""

# HMAC-SHA-256 (RFC 2104) over the five parts and the name of this transaction. A backend's number and the microsecond
# at which its transaction began name it without taking a transaction number, which a mere reader does not have.
MAC = """
CREATE FUNCTION walls.scope_mac(parts text[]) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED AS $$
DECLARE
  known walls.scope_key;
BEGIN
  SELECT * INTO known FROM walls.scope_key WHERE version = parts[1];
  RETURN encode(sha256(known.outer_pad || sha256(known.inner_pad || convert_to(
    array_to_string(parts[1:5], '|') || '|' || pg_backend_pid()::text || ' ' || extract(epoch FROM now())::text,
    'UTF8'))), 'hex');
END
$$;
"""

# The two MACs are compared by their hashes: how soon a comparison ends says nothing about the MAC that was wanted.
SCOPE = """
CREATE FUNCTION walls.scope_now() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED AS $$
DECLARE
  parts text[] := string_to_array(current_setting('anxin.scope', true), '|');
BEGIN
  IF cardinality(parts) IS DISTINCT FROM 6 THEN
    RETURN NULL;
  END IF;
  IF (sha256(convert_to(parts[6], 'UTF8')) = sha256(convert_to(walls.scope_mac(parts), 'UTF8'))) IS NOT TRUE THEN
    RETURN NULL;
  END IF;
  IF extract(epoch FROM statement_timestamp()) > parts[5]::numeric THEN
    RETURN NULL;
  END IF;
  RETURN parts[2:4];
END
$$;
"""

# Restricted to the leader of a parallel query: a worker is another backend.
QUESTIONS = """
CREATE FUNCTION scope_paths() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  scope text[] := walls.scope_now();
BEGIN
  RETURN CASE scope[1]
    WHEN 'system' THEN ARRAY['']
    WHEN 'staff' THEN array_remove(string_to_array(scope[3], ','), '')
    ELSE '{}'::text[]
  END;
END
$$;
CREATE FUNCTION scope_residents() RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  scope text[] := walls.scope_now();
BEGIN
  RETURN CASE WHEN scope[1] IN ('resident', 'staff') THEN string_to_array(scope[2], ',')::bigint[] ELSE '{}' END;
END
$$;
CREATE FUNCTION scope_is_valid() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN walls.scope_now() IS NOT NULL;
END
$$;
"""

# A CASE and no OR, so that the planner goes on guessing that a wall lets half of the rows through.
PREDICATE = """
CREATE FUNCTION scope_sees(row_path text, row_resident bigint, paths text[], residents bigint[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN coalesce(row_path, '') ^@ ANY (paths) THEN true
    ELSE coalesce(row_resident = ANY (residents), false)
  END
$$;
"""

# For functions of the owner that work for the intake role: they sign for themselves, and take the scope away again
# before they return.
HOUSE = """
CREATE FUNCTION walls.take_house_scope() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  parts text[] := ARRAY[(SELECT max(version::integer) FROM walls.scope_key)::text, 'system', '', '',
    (extract(epoch FROM statement_timestamp())::bigint + 60)::text];
BEGIN
  PERFORM set_config('anxin.scope', array_to_string(parts || walls.scope_mac(parts), '|'), true);
END
$$;
"""

# A default for one schema cannot take away what everybody has by birth; a default of the role can.
RIGHTS = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA walls FROM PUBLIC, anxin_app, anxin_worker, anxin_intake;
GRANT EXECUTE ON FUNCTION scope_paths(), scope_residents(), scope_is_valid(),
  scope_sees(text, bigint, text[], bigint[]) TO anxin_app, anxin_worker;
"""

BACK = """
DROP FUNCTION scope_paths(), scope_residents(), scope_is_valid(), scope_sees(text, bigint, text[], bigint[]);
DROP SCHEMA walls CASCADE;
"""


class Migration(migrations.Migration):
    """The key, the functions, and every wall that was built before them."""

    dependencies = [("kernel", "0003_key_rotation")]
    operations = [
        migrations.RunSQL(sql=[VAULT, MAC, SCOPE, QUESTIONS, PREDICATE, HOUSE, RIGHTS], reverse_sql=BACK),
        migrations.RunPython(put_keys, migrations.RunPython.noop),
        rebuild_walls(),
    ]
