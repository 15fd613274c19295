"""What a database holds, said in a way that two databases can be compared: rows, structure, walls, migrations."""

import hashlib
import re
from dataclasses import dataclass

import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[object, ...]]

# Each query lists one kind of thing, one row a thing, in words that do not depend on numbers of the catalogue.
# A right that nobody granted or revoked is spelled out, because a restored table has it spelled out.
_ACL = (
    "(SELECT string_agg(CASE WHEN a.grantee = 0 THEN 'public' ELSE a.grantee::regrole::text END || ':' ||"
    " a.privilege_type || ':' || a.is_grantable, ',' ORDER BY a.grantee::regrole::text, a.privilege_type)"
    " FROM aclexplode(coalesce({acl}, acldefault({kind}, {owner}))) a)"
)
_HERE = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
_NO_EXTENSION = "NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = {oid} AND d.deptype = 'e')"
_STRUCTURE = {
    "tables": (
        "SELECT n.nspname, c.relname, c.relkind, c.relowner::regrole::text, c.relrowsecurity, c.relforcerowsecurity, "
        + _ACL.format(
            acl="c.relacl",
            kind="CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\"",
            owner="c.relowner",
        )
        + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE {_HERE} AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND {_NO_EXTENSION.format(oid='c.oid')}"
    ),
    "columns": (
        "SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,"
        " pg_get_expr(f.adbin, f.adrelid), a.attacl::text"
        " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum"
        f" WHERE {_HERE} AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped"
    ),
    "constraints": (
        "SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid), c.convalidated"
        f" FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE {_HERE} AND c.contype <> 'n'"
    ),
    "indexes": "SELECT n.nspname, indexname, indexdef FROM pg_indexes JOIN pg_namespace n ON n.nspname = schemaname"
    f" WHERE {_HERE}",
    "triggers": (
        "SELECT t.tgrelid::regclass::text, pg_get_triggerdef(t.oid), t.tgenabled FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE {_HERE} AND NOT t.tgisinternal"
    ),
    "policies": (
        "SELECT schemaname, tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies"
    ),
    "functions": (
        "SELECT pg_get_functiondef(p.oid), p.proowner::regrole::text, "
        + _ACL.format(acl="p.proacl", kind="'f'::\"char\"", owner="p.proowner")
        + " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" WHERE {_HERE} AND p.prokind IN ('f', 'p') AND {_NO_EXTENSION.format(oid='p.oid')}"
    ),
    "schemas": (
        "SELECT n.nspname, "
        + _ACL.format(acl="n.nspacl", kind="'n'::\"char\"", owner="n.nspowner")
        + f" FROM pg_namespace n WHERE {_HERE}"
    ),
    "default rights": (
        "SELECT d.defaclrole::regrole::text, d.defaclnamespace::regnamespace::text, d.defaclobjtype,"
        " (SELECT string_agg(a.grantee::regrole::text || a.privilege_type, ',' ORDER BY a.grantee::regrole::text,"
        " a.privilege_type) FROM aclexplode(d.defaclacl) a) FROM pg_default_acl d"
    ),
    "roles": (
        "SELECT rolname, rolsuper, rolbypassrls, rolreplication FROM pg_roles WHERE rolname LIKE 'anxin\\_%'"
    ),
}
_ROLES_NAMED = (
    f"SELECT c.relowner::regrole::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_HERE}"
    " UNION SELECT p.proowner::regrole::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
    f" WHERE {_HERE}"
    " UNION SELECT a.grantee::regrole::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,"
    f" aclexplode(c.relacl) a WHERE {_HERE} AND a.grantee <> 0"
)
_TABLES = (
    "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE {_HERE} AND c.relkind IN ('r', 'p') ORDER BY 1, 2"
)
_MADE = (
    f"SELECT (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_HERE})"
    f" + (SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {_HERE})"
)


# PostgreSQL writes a condition down a little differently once it has read its own writing: casts move into lists.
_CONDITIONS = ("constraints", "indexes", "policies")
_LITTLE = re.compile(r"::(?:character varying|text)(?:\[\])?|[()\s]")
# Taken over from the key file by every migrate: the key that signs scopes stays out of backups.
KEPT_OUT = ("walls.scope_key",)


@dataclass(frozen=True, slots=True)
class Inventory:
    """One look at a database."""

    made_at: str
    server: str
    tables: dict[str, int]
    structure: dict[str, str]
    migrations: tuple[str, ...]
    roles: tuple[str, ...]
    trail: str
    trail_end: str


def connect(url: str) -> Connection:
    """A connection that sees names in full and takes nobody's part."""
    return psycopg.connect(
        url, autocommit=True, connect_timeout=10, options="-c search_path= -c timezone=UTC"
    )


def sees_every_row(connection: Connection) -> bool:
    """Whether row-level security, which is forced on the owner too, does not apply to this login."""
    row = connection.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    return bool(row and row[0])


def is_empty(connection: Connection) -> bool:
    """Whether nobody has made anything in this database yet."""
    row = connection.execute(_MADE).fetchone()
    return row == (0,)


def take(connection: Connection) -> Inventory:
    """Count every table and write down the structure, inside the transaction of ``connection``."""
    tables = {}
    for schema, name in connection.execute(_TABLES).fetchall():
        table = shown(str(schema), str(name))
        tables[table] = 0 if table in KEPT_OUT else _count(connection, str(schema), str(name))
    (moment,) = connection.execute("SELECT date_trunc('second', transaction_timestamp())").fetchone() or ("",)
    return Inventory(
        made_at=getattr(moment, "isoformat", lambda: "")(),
        server=".".join(map(str, divmod(connection.info.server_version, 10_000))),
        tables=tables,
        structure={kind: _digest(connection, kind, query) for kind, query in _STRUCTURE.items()},
        migrations=_migrations(connection) if "django_migrations" in tables else (),
        roles=tuple(sorted(str(row[0]) for row in connection.execute(_ROLES_NAMED))),
        trail=trail_of(connection) if "audit_auditevent" in tables else "",
        trail_end=_end_of_trail(connection) if "audit_auditseal" in tables else "",
    )


def trail_of(connection: Connection) -> str:
    """A digest over the whole audit trail in its order: the same after a restore, or something is amiss."""
    digest = hashlib.sha256()
    with connection.transaction(), connection.cursor("trail") as cursor:
        cursor.execute("SELECT e::text FROM public.audit_auditevent e ORDER BY id")
        for row in cursor:
            digest.update(str(row[0]).encode() + b"\n")
    return digest.hexdigest()


def _end_of_trail(connection: Connection) -> str:
    """How far the chain reached: the number and digest of its last link."""
    row = connection.execute(
        "SELECT sequence || ' ' || encode(digest, 'hex') FROM public.audit_auditseal ORDER BY sequence DESC LIMIT 1"
    ).fetchone()
    return str(row[0]) if row else ""


def shown(schema: str, table: str) -> str:
    """How a table is called in the list of a backup."""
    return table if schema == "public" else f"{schema}.{table}"


def _count(connection: Connection, schema: str, table: str) -> int:
    query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
    row = connection.execute(query).fetchone()
    return int(str(row[0])) if row else 0


def _digest(connection: Connection, kind: str, query: str) -> str:
    rows = sorted(
        "\x1f".join("" if cell is None else str(cell) for cell in row) for row in connection.execute(query)
    )
    if kind in _CONDITIONS:
        rows = sorted(_LITTLE.sub("", row) for row in rows)
    return hashlib.sha256("\x1e".join(rows).encode()).hexdigest()


def _migrations(connection: Connection) -> tuple[str, ...]:
    rows = connection.execute("SELECT app || '.' || name FROM public.django_migrations ORDER BY 1")
    return tuple(str(row[0]) for row in rows)
