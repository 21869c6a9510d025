// The password of somebody who is signed in, asked for again before something that cannot be undone.
#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "db/database.hpp"
#include "services/password_hasher.hpp"

namespace localtea::services {

/// Throws Error{wrong_password}.
[[noreturn]] void refuse_password();

/// Returns the hash that the password was checked against, for db::lock_password() in the transaction that
/// follows. Errors: Error{wrong_password, overloaded}. Lifetime: `database` and `hasher` until it has ended.
boost::asio::awaitable<std::string> require_password(db::Database* database, PasswordHasher* hasher,
                                                     std::int64_t user_id, std::string password);

}  // namespace localtea::services
