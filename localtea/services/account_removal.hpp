// The end of accounts.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "domain/user.hpp"
#include "services/error.hpp"
#include "services/password_hasher.hpp"

namespace localtea::services {

namespace asio = boost::asio;

/// An account whose address was not confirmed within this time is removed.
inline constexpr std::chrono::days unconfirmed_lifetime{7};

/// What belongs to an account goes with its row; what has to outlive it refers to it by a column that then is
/// NULL. Errors: Error; db::Error when the database is broken. Threads: any. Lifetime: what it is given must
/// outlive it and every call.
class AccountRemoval {
public:
    AccountRemoval(db::Database& database, PasswordHasher& hasher, const samovar::Clock& clock)
        : database_(database), hasher_(hasher), clock_(clock) {}

    /// Removes the account and everything personal at once; its sessions end. Errors: Error{wrong_password,
    /// overloaded}.
    asio::awaitable<void> remove(std::int64_t user_id, std::string password);

    /// Removes accounts without orders that nobody confirmed in time, batch by batch; returns how many. For a
    /// periodic task.
    asio::awaitable<std::int64_t> remove_unconfirmed();

private:
    db::Database& database_;
    PasswordHasher& hasher_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
