-- What a login begins and each refresh continues. See domain/login_session.hpp and db/login_sessions.hpp.

-- A session lives while its row does: whatever ends one deletes it, and its tokens go with it.
CREATE TABLE sessions (
    id TEXT NOT NULL CONSTRAINT sessions_pkey PRIMARY KEY,
    user_id {{int}} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    csrf_digest TEXT NOT NULL,
    agent_digest TEXT NOT NULL,
    address TEXT,
    created_at {{time}} NOT NULL,
    expires_at {{time}} NOT NULL
) {{strict}};

CREATE INDEX sessions_user_id_idx ON sessions (user_id);

CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);

-- Spent ones stay until they expire, so that a stolen one is noticed when it is shown again.
CREATE TABLE refresh_tokens (
    digest TEXT NOT NULL CONSTRAINT refresh_tokens_pkey PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at {{time}} NOT NULL,
    expires_at {{time}} NOT NULL,
    spent_at {{time}},
    has_sibling {{bool}} NOT NULL DEFAULT FALSE
) {{strict}};

CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id, expires_at);

-- Accounts that nobody confirmed are removed by age.
CREATE INDEX users_unconfirmed_idx ON users (created_at) WHERE NOT is_email_confirmed;
