#include "services/profiles.hpp"

#include <utility>

#include "db/users.hpp"
#include "services/taken.hpp"

namespace localtea::services {

asio::awaitable<void> Profiles::change(std::int64_t user_id, domain::ProfileChange change) {
    co_await unless_taken(database_.transaction([&](db::Session session) {
        return db::set_profile_field(std::move(session), user_id, change, clock_.now());
    }));
}

asio::awaitable<PublicProfile> Profiles::public_profile(std::int64_t user_id) {
    const auto user =
        co_await database_.read([&](db::Session session) { return db::find_user(session, user_id); });
    if (!user || !user->is_active) throw Error{Errc::not_found, "Такого пользователя нет."};
    co_return PublicProfile{user->profile.username, user->avatar_url};
}

}  // namespace localtea::services
