"""Whether a team's database is what this program would make, and its records what they tell.

Nothing is changed, and no desk waits: the comparison builds both schemas a second time beside
those in use, in a transaction that is never committed.
"""

from collections.abc import Iterable, Iterator

from services.admin import postgres_people as people
from services.admin.postgres_rights import FOR_COMPARING, PERSON, Connection, ensure_rights
from services.admin.postgres_schema import build, owning, version
from services.admin.schema import HEAD
from services.incidents.guards import HISTORIES
from services.incidents.incident import HistoryEntry
from services.people.person import PersonRole
from services.registry import RECORDS
from services.sync.guards import HistoryOf
from services.sync.postgres.tables import RULE_TABLES

EXAMPLES = 3
"""Rows that are named where many differ."""


def differences(connection: Connection) -> Iterator[str]:
    """Each thing that is not as it must be, as a sentence.

    Raises:
        FirstlineMissing: there is no Firstline in the database.
        RightsMissing: the login may not compare.
    """
    found = version(connection)
    ensure_rights(connection, FOR_COMPARING)
    if found != HEAD:
        yield f"The database is at edition {found}, this program at {HEAD}."
        return
    yield from _of_rules(connection)
    yield from _of_people(connection)
    for record in RECORDS:
        yield from _of_feed(connection, record.TABLE)
    for history in HISTORIES:
        yield from _of_history(connection, history)


# -- rules ------------------------------------------------------------------------------------

_IN = "n.nspname IN ('firstline', 'sync')"


def _acl(acl: str, kind: str, owner: str) -> str:
    return (
        "(SELECT coalesce(string_agg(format('%s:%s', a.grantee::regrole, a.privilege_type), ' '"
        " ORDER BY a.grantee::regrole::text, a.privilege_type), '')"
        f" FROM aclexplode(coalesce({acl}, acldefault('{kind}', {owner}))) a)"
    )


_CATALOGUE = (
    "SELECT 'schema ' || n.nspname, concat_ws(E'\\n', n.nspowner::regrole,"
    f" {_acl('n.nspacl', 'n', 'n.nspowner')}) FROM pg_namespace n"
    f" WHERE {_IN} OR n.nspname = 'public'",
    f"SELECT 'database', {_acl('d.datacl', 'd', 'd.datdba')} FROM pg_database d"
    " WHERE d.datname = current_database()",
    "SELECT format('function %s.%s(%s)', n.nspname, p.proname,"
    " pg_get_function_identity_arguments(p.oid)), concat_ws(E'\\n', pg_get_functiondef(p.oid),"
    f" p.proowner::regrole, {_acl('p.proacl', 'f', 'p.proowner')})"
    f" FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {_IN}",
    "SELECT format('%s %s.%s', CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view'"
    " ELSE 'relation' END, n.nspname, c.relname), concat_ws(E'\\n', c.relowner::regrole,"
    " c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.reloptions::text,"
    " CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END,"
    f" {_acl('c.relacl', 'r', 'c.relowner')})"
    f" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_IN}"
    " AND c.relkind <> 'i'",
    "SELECT format('column %s.%s.%s', n.nspname, c.relname, a.attname), concat_ws(' ',"
    " format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attacl::text)"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_IN}"
    " AND c.relkind IN ('r', 'v') AND a.attnum > 0 AND NOT a.attisdropped",
    "SELECT format('trigger %s of %s.%s', t.tgname, n.nspname, c.relname),"
    " concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_IN} AND NOT t.tgisinternal",
    "SELECT format('policy %s of %s.%s', p.polname, n.nspname, c.relname), concat_ws(E'\\n',"
    " p.polcmd, p.polpermissive, p.polroles::regrole[]::text,"
    " pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))"
    " FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
    f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_IN}",
    "SELECT format('constraint %s of %s', k.conname, k.conrelid::regclass),"
    " pg_get_constraintdef(k.oid) FROM pg_constraint k"
    f" JOIN pg_namespace n ON n.oid = k.connamespace WHERE {_IN}",
    # A dump writes its expressions in other words.
    "SELECT format('index %s.%s', n.nspname, c.relname), i.indisunique || ' ' || i.indisvalid"
    " FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid"
    f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_IN}",
    *(
        f"SELECT 'rules in {table}', (SELECT md5(string_agg(r::text, ' ' ORDER BY r::text))"
        f" FROM firstline.{table} r)"
        for table in RULE_TABLES
    ),
)
"""What is there, as names and descriptions."""


def _of_rules(connection: Connection) -> Iterator[str]:
    present = _described(connection)
    with connection.transaction(force_rollback=True):
        for schema in ("firstline", "sync"):
            connection.execute(f"ALTER SCHEMA {schema} RENAME TO {schema}_in_use")
        build(connection)
        wanted = _described(connection)
    for name in sorted(present.keys() | wanted.keys()):
        if name not in present:
            yield f"Missing: {name}."
        elif name not in wanted:
            yield f"Not of this program: {name}."
        elif present[name] != wanted[name]:
            yield f"Other than this program makes it: {name}."


def _described(connection: Connection) -> dict[str, str]:
    with connection.transaction():
        # Names are written out in full where nothing is found by itself.
        connection.execute("SET LOCAL search_path = pg_catalog")
        with owning(connection):
            connection.execute("SET LOCAL search_path = pg_catalog")
            return {
                name: text or ""
                for query in _CATALOGUE
                for name, text in connection.execute(query)
            }  # fmt: skip


# -- people -----------------------------------------------------------------------------------


def _of_people(connection: Connection) -> Iterator[str]:
    records = people.Records(connection)
    for person, held in people.listed(connection):
        told = {
            grant.role for grant in records.find(PersonRole, person_id=person.id, is_active=True)
        }
        if person.is_active and set(held) != told:
            yield f"The roles of {person.login} differ between server and records."
        if not person.is_active and held:
            yield f"{person.login} is disabled, but has roles on the server."
    known = {person.login for person, _ in people.listed(connection)}
    found = connection.execute(
        "SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper"
        f" AND pg_has_role(oid, '{PERSON}', 'MEMBER')"
        " AND NOT pg_has_role(oid, 'firstline_owner', 'MEMBER') ORDER BY 1"
    ).fetchall()
    for (login,) in found:
        if login not in known:
            yield f"{login} may come in, but is nobody in the records."


# -- records ----------------------------------------------------------------------------------


def _of_feed(connection: Connection, table: str) -> Iterator[str]:
    yield from _named(
        connection,
        f"SELECT t.id FROM {table} t WHERE NOT EXISTS (SELECT FROM feed f"
        f" WHERE f.entity = '{table}' AND f.entity_id = t.id) AND NOT EXISTS (SELECT FROM"
        f" feed_open o WHERE o.entity = '{table}' AND o.entity_id = t.id)",
        f"No desk is told of these rows of {table}",
    )
    yield from _named(
        connection,
        f"SELECT f.entity_id FROM feed f WHERE f.entity = '{table}'"
        f" AND NOT EXISTS (SELECT FROM {table} t WHERE t.id = f.entity_id)",
        f"Desks are told of rows of {table} that are gone",
    )


def _of_history(connection: Connection, history: HistoryOf) -> Iterator[str]:
    table, entries = history.record.TABLE, HistoryEntry.TABLE
    yield from _named(
        connection,
        f"SELECT t.id FROM {table} t WHERE t.version <> (SELECT count(*) FROM {entries} h"
        f" WHERE h.subject = '{table}' AND h.subject_id = t.id)",
        f"These rows of {table} have not one entry of history for each version",
    )
    # Whatever a value became and did not cease to be is what it is now. This holds in any order,
    # so that a clock that was set back tells nothing wrong.
    yield from _named(
        connection,
        f"""
        WITH step AS (
            SELECT h.subject_id AS id, c.key, c.value -> 0 AS old, c.value -> 1 AS new
            FROM {entries} h, jsonb_each(h.changes::jsonb) c WHERE h.subject = '{table}'
        ), balance AS (
            SELECT id, key, value, sum(n) AS n FROM (
                SELECT id, key, new AS value, 1 AS n FROM step
                UNION ALL SELECT id, key, old, -1 FROM step
            ) AS both_ways GROUP BY id, key, value
        ), present AS (
            SELECT t.id, c.key, CASE c.value WHEN 'true' THEN '1' WHEN 'false' THEN '0'
                ELSE c.value END AS value
            FROM {table} t, jsonb_each(to_jsonb(t)) c
        )
        SELECT id FROM balance b JOIN present p USING (id, key) GROUP BY id, key, p.value
        HAVING bool_or(b.value <> p.value AND b.n > 0)
            OR NOT bool_or(b.value = p.value AND b.n >= 0)
        """,
        f"These rows of {table} are not what their history ends with",
    )


def _named(connection: Connection, query: str, told: str) -> Iterable[str]:
    with connection.transaction(), owning(connection):
        found = connection.execute(f"SELECT DISTINCT id FROM ({query}) AS q (id)").fetchall()
    if not found:
        return ()
    some = ", ".join(str(row[0]) for row in found[:EXAMPLES])
    more = f" and {len(found) - EXAMPLES:,} more" if len(found) > EXAMPLES else ""
    return (f"{told}: {some}{more}.",)
