#include "services/account_removal.hpp"

#include <utility>

#include "db/orders.hpp"
#include "db/users.hpp"
#include "services/password_check.hpp"

namespace localtea::services {

asio::awaitable<void> AccountRemoval::remove(std::int64_t user_id, std::string password) {
    const auto hash = co_await require_password(&database_, &hasher_, user_id, std::move(password));
    co_await database_.transaction([&](db::Session session) -> asio::awaitable<void> {
        if (!co_await db::lock_password(session, user_id, hash)) refuse_password();
        co_await db::forget_customer(session, user_id);
        co_await db::delete_user(session, user_id);
    });
}

}  // namespace localtea::services
