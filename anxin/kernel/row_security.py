"""Row-level security as migration operations: one call per personal table, checked against ``pg_policies`` in
the tests.

``scope_sees(path, resident, …)`` is the one predicate; what it compares a row with are the answers of ``scope_paths()``
and ``scope_residents()``, which check the signature of the scope (the kernel's migration 0004). A child table asks its
parent, whose own policy then decides.
"""

from django.db import migrations

from anxin.kernel.scopes import WATCH

_FORCE = "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
_RELAX = "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
_ANSWERS = "(SELECT scope_paths()), (SELECT scope_residents())"

# The first walls of the rooms may be built before the functions that check a signature are there (no migration of
# theirs can wait for one that is younger than it). Those are built in the old way, and ``rebuild_walls`` finds them.
_NAMED = "{} = ANY ((SELECT scope_selves())::text[])"
_ACCOUNT = f"{{}} IN (SELECT a.id FROM accounts_account a WHERE {_NAMED.format('a.uid')})"
_ADDS = "CREATE POLICY {table}_adds ON {table} FOR INSERT WITH CHECK (true);"
_ADDS_NO_MORE = "DROP POLICY {table}_adds ON {table}; "
_SIDE = "'scope_sees({path}::text, {resident}::bigint' || answers || ')'"
_WALL = """
DO $wall$
DECLARE
  answers text := CASE WHEN to_regprocedure('scope_paths()') IS NULL THEN '' ELSE ', {answers}' END;
  predicate text := concat_ws(' OR ', {sides});
BEGIN
  EXECUTE format('CREATE POLICY {table}_scope ON {table} USING (%s) WITH CHECK (%s)', predicate, predicate);
END
$wall$;
"""

_REBUILD = """
DO $rebuild$
DECLARE
  wall record;
  predicate text;
BEGIN
  FOR wall IN SELECT policyname, schemaname, tablename, qual FROM pg_policies WHERE qual LIKE '%scope\\_sees(%' LOOP
    predicate := regexp_replace(wall.qual, {pattern}, {replacement}, 'g');
    EXECUTE format('ALTER POLICY %I ON %I.%I USING (%s) WITH CHECK (%s)',
      wall.policyname, wall.schemaname, wall.tablename, predicate, predicate);
  END LOOP;
END
$rebuild$;
"""
_PLAIN = """
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


def scoped(table: str, *, path: str = "scope_path", resident: str = "resident_id") -> migrations.RunSQL:
    """Rows of ``table`` are seen from the node ``path`` upward and by the resident in column ``resident``.

    Pass ``resident="NULL"`` (or ``path="NULL"``) for a table without that column.
    """
    return shared(table, paths=(path,), resident=resident)


def shared(table: str, *, paths: tuple[str, ...], resident: str = "NULL") -> migrations.RunSQL:
    """Rows that several units have a part in: seen from any of the nodes in the columns ``paths`` upward."""
    sides = ", ".join(_SIDE.format(path=path, resident=resident) for path in paths)
    return _guarded(table, _WALL.format(table=table, sides=sides, answers=_ANSWERS))


def through(table: str, *, parent: str, key: str) -> migrations.RunSQL:
    """Rows of ``table`` are seen exactly by those who see the row of ``parent`` that ``key`` points at."""
    seen = f"EXISTS (SELECT 1 FROM {parent} p WHERE p.id = {table}.{key})"
    return _guarded(table, f"CREATE POLICY {table}_scope ON {table} USING ({seen}) WITH CHECK ({seen});")


def ledger(table: str, *, path: str, account: str = "", name: str = "") -> migrations.RunSQL:
    """Rows of ``table``, in which the house keeps what its people did, are seen by whoever keeps watch over the node
    ``path`` or above it, and by who did it: the account whose key is in ``account``, or whose uid is in ``name``.
    """
    own = _ACCOUNT.format(account) if account else _NAMED.format(name)
    return _guarded(
        table,
        _WALL.format(
            table=table,
            sides=_watched(path, own),
            answers=_ANSWERS,
        ),
    )


def trail(table: str, *, path: str, names: tuple[str, ...]) -> migrations.RunSQL:
    """A ledger to which everybody adds, also about a node that they cannot see; ``names`` are columns with the uid of
    somebody who is shown the row for being named in it. What belongs to no node is for those who watch over all.
    """
    sides = _watched(f"coalesce(nullif({path}, ''''), ''/'')", *(_NAMED.format(name) for name in names))
    wall = _WALL.format(table=table, sides=sides, answers=_ANSWERS)
    return _guarded(table, wall + _ADDS.format(table=table), opens=_ADDS_NO_MORE.format(table=table))


def trail_part(table: str, *, parent: str, key: str) -> migrations.RunSQL:
    """Added to by everybody; seen by those who see the row of the trail ``parent`` whose uid is in column ``key``."""
    seen = f"EXISTS (SELECT 1 FROM {parent} p WHERE p.uid = {table}.{key})"
    wall = f"CREATE POLICY {table}_scope ON {table} USING ({seen}) WITH CHECK ({seen});"
    return _guarded(table, wall + _ADDS.format(table=table), opens=_ADDS_NO_MORE.format(table=table))


def _watched(path: str, *others: str) -> str:
    """The sides of a ledger's wall, as the text of SQL literals."""
    sides = [_SIDE.format(path=f"(''{WATCH}'' || {path})", resident="NULL")]
    return ", ".join([*sides, *(f"'{one}'" for one in others)])


def _guarded(table: str, policy: str, *, opens: str = "") -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=_FORCE.format(table=table) + policy,
        reverse_sql=f"{opens}DROP POLICY {table}_scope ON {table}; " + _RELAX.format(table=table),
    )


def rebuild_walls() -> migrations.RunSQL:
    """Let every wall that believed any scope ask for the signature, and remove the predicate that believed it."""
    return migrations.RunSQL(
        sql=[
            _REBUILD.format(
                pattern="'scope_sees\\(([^,]*), ([^,()]*)\\)'",
                replacement=f"'scope_sees(\\1, \\2, {_ANSWERS})'",
            ),
            "DROP FUNCTION scope_sees(text, bigint);",
        ],
        reverse_sql=[
            _PLAIN,
            _REBUILD.format(
                pattern="', \\( SELECT scope_(paths|residents)\\(\\) AS scope_(paths|residents)\\)'",
                replacement="''",
            ),
        ],
    )


def append_only(table: str) -> migrations.RunSQL:
    """Take UPDATE, DELETE and TRUNCATE on ``table`` from every role that serves requests."""
    return migrations.RunSQL(
        sql=f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM anxin_app, anxin_worker, anxin_intake;",
        reverse_sql=f"GRANT UPDATE, DELETE ON {table} TO anxin_app, anxin_worker;",
    )
