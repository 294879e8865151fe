"""Making a backup that was put back safe to work with."""

from services.admin.postgres_rights import Connection, take_leftover_powers
from services.admin.postgres_schema import admissions, owning, put_rules, version
from services.admin.schema import HEAD
from services.sync.postgres.calls import NUMBERS_AFTER_RESTORE

_STATEMENTS = (
    # Desks meet another database: each copies it and gives again what it no longer knows.
    "UPDATE meta SET epoch = gen_random_uuid(), cluster = '',"
    f" next_number = next_number + {NUMBERS_AFTER_RESTORE}",
    "UPDATE feed_state SET rev = rev + 1, numbered_at = '-infinity'",
    # Transactions are counted anew here, so that what they were called tells nothing any more.
    "INSERT INTO feed SELECT DISTINCT o.entity, o.entity_id, s.rev FROM feed_open o, feed_state s"
    " ON CONFLICT (entity, entity_id) DO UPDATE SET rev = excluded.rev",
    "DELETE FROM feed_open",
    "UPDATE command SET xid = '0' WHERE xid <> '0'",
    "DELETE FROM presence",
)


def restored(connection: Connection) -> int:
    """Begin a new epoch, behind every number that may have been given; returns the next number.

    It can be said twice: numbers are left out, nothing else happens.

    Raises:
        FirstlineMissing: there is no Firstline in the database.
        RightsMissing: the login may not look after it.
    """
    edition = version(connection)
    with connection.transaction():
        for statement in admissions(connection.info.dbname):
            connection.execute(statement)
        with owning(connection):
            for statement in _STATEMENTS:
                connection.execute(statement)
            found = connection.execute("SELECT next_number FROM meta").fetchone()
        # A dump writes conditions in other words; an earlier edition gets its rules by migrating.
        if edition == HEAD:
            put_rules(connection)
        take_leftover_powers(connection)
    assert found is not None, "there is one row"
    return int(found[0])
