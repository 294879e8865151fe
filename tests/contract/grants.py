"""Every right in a team's database, as deterministic text.

Renew the golden file after a change of rights that is meant:
``FIRSTLINE_RENEW=1 ./test tests/contract/test_grants.py``, and read the difference.
"""

from collections.abc import Iterator
from typing import Any

import psycopg

_ACL = (
    "SELECT coalesce(string_agg(format('%s=%s%s', CASE WHEN a.grantee = 0 THEN 'PUBLIC'"
    " ELSE a.grantee::regrole::text END, a.privilege_type,"
    " CASE WHEN a.is_grantable THEN '*' ELSE '' END), ' ' ORDER BY a.grantee::regrole::text,"
    " a.privilege_type), '') FROM aclexplode({acl}) a WHERE a.grantee <> {owner}"
)


def _acl(acl: str, owner: str) -> str:
    return f"({_ACL.format(acl=acl, owner=owner)})"


OURS = "n.nspname IN ('firstline', 'sync')"
QUERIES = {
    "role": "SELECT rolname, concat_ws(' ', CASE WHEN rolcanlogin THEN 'LOGIN' END,"
    " CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,"
    " CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,"
    " CASE WHEN rolreplication THEN 'REPLICATION' END, CASE WHEN rolinherit THEN 'INHERIT' END)"
    " FROM pg_roles WHERE rolname LIKE 'firstline%'",
    # PostgreSQL 16 has more columns here; whether one may hand a role on is in both.
    "member": "SELECT member::regrole::text, concat(roleid::regrole, CASE WHEN admin_option"
    " THEN ' ADMIN' END) FROM pg_auth_members WHERE roleid::regrole::text LIKE 'firstline%'"
    " AND member::regrole::text LIKE 'firstline%'",
    "database": "SELECT 'of the team', "
    + _acl("coalesce(datacl, acldefault('d', datdba))", "datdba")
    + " FROM pg_database WHERE datname = current_database()",
    "schema": "SELECT nspname, concat('owner=', nspowner::regrole, ' ', "
    + _acl("coalesce(nspacl, acldefault('n', nspowner))", "nspowner")
    + ") FROM pg_namespace n WHERE nspname IN ('firstline', 'sync', 'public')",
    "relation": "SELECT format('%s.%s', n.nspname, c.relname), concat('kind=', c.relkind,"
    " ' owner=', c.relowner::regrole, CASE WHEN c.relrowsecurity THEN ' RLS' END, ' ',"
    " array_to_string(c.reloptions, ' '), ' ', "
    + _acl("coalesce(c.relacl, acldefault('r', c.relowner))", "c.relowner")
    + f") FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}"
    " AND c.relkind IN ('r', 'v', 'm', 'S', 'p', 'f')",
    "column": "SELECT format('%s.%s', a.attrelid::regclass, a.attname), a.attacl::text"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS} AND a.attacl IS NOT NULL",
    "function": "SELECT p.oid::regprocedure::text, concat('owner=', p.proowner::regrole,"
    " CASE WHEN p.prosecdef THEN ' DEFINER' END, ' ', array_to_string(p.proconfig, '; '), ' ', "
    + _acl("coalesce(p.proacl, acldefault('f', p.proowner))", "p.proowner")
    + f") FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {OURS}",
    "leftover": "SELECT p.oid::regprocedure::text, 'PUBLIC' FROM pg_proc p"
    " WHERE p.pronamespace = 'pg_catalog'::regnamespace AND (p.proname LIKE 'pg\\_advisory%'"
    " OR p.proname LIKE 'pg\\_try\\_advisory%' OR p.proname LIKE 'pg\\_sleep%'"
    " OR p.proname LIKE 'lo\\_%' OR p.proname IN ('pg_notify', 'loread', 'lowrite'))"
    " AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
    " WHERE a.grantee = 0)",
    "policy": "SELECT format('%s on %s', polname, polrelid::regclass), concat_ws(' ', polcmd,"
    " CASE WHEN polpermissive THEN 'permissive' END, polroles::regrole[],"
    " regexp_replace(pg_get_expr(polqual, polrelid), '\\s+', ' ', 'g'),"
    " pg_get_expr(polwithcheck, polrelid)) FROM pg_policy",
    "trigger": "SELECT format('%s on %s', tgname, tgrelid::regclass),"
    " concat(tgfoid::regprocedure, ' enabled=', tgenabled) FROM pg_trigger t"
    " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE {OURS} AND NOT tgisinternal",
    "default": "SELECT format('%s %s', defaclrole::regrole, defaclobjtype),"
    " defaclacl::text FROM pg_default_acl",
    "extension": "SELECT extname, extowner::regrole::text FROM pg_extension",
}


def told(connection: psycopg.Connection[Any]) -> str:
    """All rights, a line each."""
    return "".join(f"{line}\n" for line in _lines(connection))


def _lines(connection: psycopg.Connection[Any]) -> Iterator[str]:
    connection.execute("SET search_path = pg_catalog")
    for kind, query in QUERIES.items():
        for name, what in sorted(connection.execute(query).fetchall()):
            yield " ".join(f"{kind} {name}: {what}".split())
