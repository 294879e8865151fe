"""Tables that make a SQLite file a shared database: log, feed, numbers, rules."""

SHARED_SCHEMA = (
    """
    CREATE TABLE meta (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        epoch TEXT NOT NULL,
        rev INTEGER NOT NULL,
        next_number INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE client (
        client_id TEXT PRIMARY KEY,
        nonce TEXT NOT NULL,
        first_seen_at INTEGER NOT NULL,
        last_seen_at INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE command (
        command_id TEXT PRIMARY KEY,
        client_id TEXT NOT NULL,
        client_seq INTEGER NOT NULL,
        name TEXT NOT NULL,
        args TEXT NOT NULL,
        actor_id TEXT NOT NULL,
        on_behalf_of TEXT NOT NULL,
        happened_at INTEGER NOT NULL,
        recorded_at INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        code TEXT NOT NULL,
        reason TEXT NOT NULL,
        UNIQUE (client_id, client_seq)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE feed (
        entity TEXT NOT NULL,
        entity_id TEXT NOT NULL,
        rev INTEGER NOT NULL,
        PRIMARY KEY (entity, entity_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX feed_by_rev ON feed (rev)",
    """
    CREATE TABLE number_block (
        lo INTEGER PRIMARY KEY,
        hi INTEGER NOT NULL,
        client_id TEXT NOT NULL,
        allocated_at INTEGER NOT NULL
    )
    """,
    "CREATE INDEX number_block_of_client ON number_block (client_id, lo)",
    """
    CREATE TABLE submitting (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        command_id TEXT NOT NULL,
        client_id TEXT NOT NULL,
        act TEXT NOT NULL,
        actor_id TEXT NOT NULL,
        on_behalf_of TEXT NOT NULL,
        happened_at INTEGER NOT NULL,
        recorded_at INTEGER NOT NULL,
        remark TEXT NOT NULL,
        rev INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE command_rule (
        act TEXT NOT NULL,
        role TEXT NOT NULL,
        PRIMARY KEY (act, role)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE transition_rule (
        entity TEXT NOT NULL,
        act TEXT NOT NULL,
        start TEXT,
        "end" TEXT NOT NULL,
        role TEXT NOT NULL,
        with_parent INTEGER NOT NULL
    )
    """,
    "CREATE INDEX transition_rule_of_act ON transition_rule (entity, act)",
    """
    CREATE TABLE writable (
        entity TEXT NOT NULL,
        act TEXT NOT NULL,
        PRIMARY KEY (entity, act)
    ) WITHOUT ROWID
    """,
)

ACTOR_ROLE = """
    CREATE VIEW actor_role AS SELECT p.role FROM person_role p
    JOIN submitting s ON s.actor_id = p.person_id
    JOIN person x ON x.id = p.person_id AND x.is_active WHERE p.is_active
"""
"""The roles of whoever gave the command being decided."""
