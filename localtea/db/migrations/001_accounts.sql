-- Customers' accounts, the one-time tokens that travel in their mails, and the outbox.
--
-- One file is one transaction. A statement ends with a semicolon at the end of a line. Both databases run the same
-- text; these words stand for what they spell differently:
--
--   {{id}}      primary key that counts up and never reuses a number
--   {{int}}     64-bit integer          {{bool}}   boolean
--   {{time}}    moment, microseconds    {{date}}   calendar date
--   {{bytes}}   bytes that are no text  {{strict}} SQLite's STRICT: columns refuse other types
--
-- Constraints have the names that PostgreSQL would give them, because errors name them on both databases.

CREATE TABLE users (
    id {{id}},
    email TEXT NOT NULL CONSTRAINT users_email_key UNIQUE,
    username TEXT NOT NULL CONSTRAINT users_username_key UNIQUE,
    password_hash TEXT NOT NULL,
    firstname TEXT,
    lastname TEXT,
    middlename TEXT,
    birthdate {{date}},
    address TEXT,
    postal_code TEXT,
    phone_number TEXT CONSTRAINT users_phone_number_key UNIQUE,
    avatar_url TEXT,
    is_active {{bool}} NOT NULL DEFAULT TRUE,
    is_superuser {{bool}} NOT NULL DEFAULT FALSE,
    is_email_confirmed {{bool}} NOT NULL DEFAULT FALSE,
    is_phone_confirmed {{bool}} NOT NULL DEFAULT FALSE,
    created_at {{time}} NOT NULL,
    updated_at {{time}} NOT NULL
) {{strict}};

-- One living token for each purpose of a user: a newer one takes the place of the older.
CREATE TABLE one_time_tokens (
    digest TEXT NOT NULL CONSTRAINT one_time_tokens_pkey PRIMARY KEY,
    purpose TEXT NOT NULL,
    user_id {{int}} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    created_at {{time}} NOT NULL,
    expires_at {{time}} NOT NULL,
    used_at {{time}},
    CONSTRAINT one_time_tokens_user_id_purpose_key UNIQUE (user_id, purpose)
) {{strict}};

-- Tasks decided by a committed transaction and not yet safe in Redis. See db/outbox.hpp.
CREATE TABLE outbox (
    id TEXT NOT NULL CONSTRAINT outbox_pkey PRIMARY KEY,
    task TEXT NOT NULL,
    queue TEXT NOT NULL,
    payload {{bytes}} NOT NULL,
    request_id TEXT,
    created_at {{time}} NOT NULL,
    claimed_until {{time}},
    claimed_by TEXT,
    pushed_at {{time}},
    pushed_run_id TEXT
) {{strict}};

CREATE INDEX outbox_waiting_idx ON outbox (created_at, id) WHERE pushed_at IS NULL;

CREATE INDEX outbox_pushed_idx ON outbox (pushed_at) WHERE pushed_at IS NOT NULL;
