// One-time tokens in the database: their digests, never the tokens.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <samovar/clock.hpp>

#include "db/session.hpp"
#include "domain/token.hpp"

namespace localtea::db {

/// What is known of a token.
struct OneTimeToken {
    /// domain::token_digest() of it.
    std::string digest;
    domain::TokenPurpose purpose = domain::TokenPurpose::confirm_email;
    std::int64_t user_id = 0;
    /// The e-mail address it was sent to; it is good for that address only.
    std::string address;
    samovar::WallTime created_at;
    samovar::WallTime expires_at;
    std::optional<samovar::WallTime> used_at;
};

/// Stores the token; the user's earlier one for the same purpose, used or not, is void from now on.
asio::awaitable<void> store_token(Session session, OneTimeToken token);

/// The token of that digest, made for that purpose; expired and used ones too, so that answers can tell.
asio::awaitable<std::optional<OneTimeToken>> find_token(Session session, std::string digest,
                                                        domain::TokenPurpose purpose);

/// Uses the token up; false when somebody else did, or it is gone: of any number of callers one gets true.
asio::awaitable<bool> use_token(Session session, std::string digest, samovar::WallTime now);

/// Voids the user's token for that purpose, if there is one.
asio::awaitable<void> delete_token_of(Session session, std::int64_t user_id, domain::TokenPurpose purpose);

}  // namespace localtea::db
