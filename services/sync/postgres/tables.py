"""Tables that make a PostgreSQL database a shared one: log, feed, numbers, presence, rules.

All of them lie in the schema ``firstline``, where nobody but its owner has any right. Moments
are microseconds since 1970, as in every row that travels.
"""

TABLES = (
    """
    CREATE TABLE meta (
        only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
        epoch uuid NOT NULL DEFAULT gen_random_uuid(),
        cluster text NOT NULL DEFAULT '',
        min_domain_version integer NOT NULL,
        max_domain_version integer NOT NULL,
        next_number bigint NOT NULL,
        notify_gap interval NOT NULL DEFAULT '50 milliseconds'
    )
    """,
    """
    CREATE TABLE feed_state (
        only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
        rev bigint NOT NULL DEFAULT 1,
        numbered_at timestamptz NOT NULL DEFAULT '-infinity'
    )
    """,
    """
    CREATE TABLE feed (
        entity text NOT NULL,
        entity_id uuid NOT NULL,
        rev bigint NOT NULL,
        PRIMARY KEY (entity, entity_id)
    )
    """,
    "CREATE INDEX feed_by_rev ON feed (rev)",
    """
    CREATE TABLE feed_open (
        xid xid8 NOT NULL,
        entity text NOT NULL,
        entity_id uuid NOT NULL,
        PRIMARY KEY (xid, entity, entity_id)
    )
    """,
    """
    CREATE TABLE client (
        client_id uuid PRIMARY KEY,
        nonce uuid NOT NULL,
        login name NOT NULL,
        host text NOT NULL,
        app_version text NOT NULL,
        domain_version integer NOT NULL,
        first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        last_seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
    """,
    """
    CREATE TABLE command (
        command_id uuid PRIMARY KEY,
        client_id uuid NOT NULL,
        client_seq bigint NOT NULL,
        act text NOT NULL,
        args json NOT NULL,
        args_version integer NOT NULL,
        actor_id uuid NOT NULL,
        login name NOT NULL DEFAULT session_user,
        on_behalf_of text NOT NULL,
        remark text NOT NULL,
        happened_at bigint NOT NULL,
        recorded_at bigint NOT NULL,
        outcome text NOT NULL,
        code text NOT NULL DEFAULT '',
        reason jsonb NOT NULL DEFAULT '{}',
        xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
        CONSTRAINT command_of_client UNIQUE (client_id, client_seq)
    )
    """,
    """
    CREATE TABLE number_block (
        lo bigint PRIMARY KEY,
        hi bigint NOT NULL,
        client_id uuid NOT NULL,
        login name NOT NULL DEFAULT session_user,
        allocated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT number_block_once EXCLUDE USING gist (int8range(lo, hi, '[]') WITH &&)
    )
    """,
    "CREATE INDEX number_block_of_client ON number_block (client_id, lo)",
    """
    CREATE UNLOGGED TABLE presence (
        client_id uuid PRIMARY KEY,
        person_id uuid NOT NULL,
        incident_id uuid NOT NULL,
        is_writing boolean NOT NULL,
        seen_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE command_rule (
        act text NOT NULL,
        role text NOT NULL,
        PRIMARY KEY (act, role)
    )
    """,
    """
    CREATE TABLE transition_rule (
        entity text NOT NULL,
        act text NOT NULL,
        start text,
        "end" text NOT NULL,
        role text NOT NULL,
        with_parent integer NOT NULL
    )
    """,
    "CREATE INDEX transition_rule_of_act ON transition_rule (entity, act)",
    """
    CREATE TABLE writable (
        entity text NOT NULL,
        act text NOT NULL,
        PRIMARY KEY (entity, act)
    )
    """,
)

RULE_TABLES = ("command_rule", "transition_rule", "writable")
