// The end of accounts.
#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "db/database.hpp"
#include "domain/user.hpp"
#include "services/error.hpp"
#include "services/password_hasher.hpp"

namespace localtea::services {

namespace asio = boost::asio;

/// What belongs to an account goes with its row; what has to outlive it refers to it by a column that then is
/// NULL. Errors: Error; db::Error when the database is broken. Threads: any. Lifetime: what it is given must
/// outlive it and every call.
class AccountRemoval {
public:
    AccountRemoval(db::Database& database, PasswordHasher& hasher) : database_(database), hasher_(hasher) {}

    /// Removes the account and everything personal at once; its sessions end. Errors: Error{wrong_password,
    /// overloaded}.
    asio::awaitable<void> remove(std::int64_t user_id, std::string password);

private:
    db::Database& database_;
    PasswordHasher& hasher_;
};

}  // namespace localtea::services
