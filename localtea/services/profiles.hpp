// What a customer tells of himself, after registration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "domain/profile_change.hpp"
#include "services/error.hpp"

namespace localtea::services {

namespace asio = boost::asio;

/// What everybody may see of an account.
struct PublicProfile {
    std::string username;
    std::optional<std::string> avatar_url;
};

/// Errors: Error; db::Error when the database is broken.
/// Threads: any. Lifetime: what it is given must outlive it and every call.
class Profiles {
public:
    Profiles(db::Database& database, const samovar::Clock& clock) : database_(database), clock_(clock) {}

    /// Errors: Error{taken} for a username or a phone number of another account.
    asio::awaitable<void> change(std::int64_t user_id, domain::ProfileChange change);

    /// Errors: Error{not_found}, also for an account that was disabled.
    asio::awaitable<PublicProfile> public_profile(std::int64_t user_id);

private:
    db::Database& database_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
