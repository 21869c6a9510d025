#include "services/account_upkeep.hpp"

#include <utility>

#include "db/login_sessions.hpp"
#include "db/users.hpp"

namespace localtea::services {
namespace {

namespace asio = boost::asio;

constexpr std::int64_t removed_at_once = 500;

/// Repeats `remove`, which removes one batch and returns its size, until one is not full.
template <class Remove>
asio::awaitable<std::int64_t> in_batches(db::Database* database, std::stop_token stop, Remove remove) {
    std::int64_t removed = 0;
    while (!stop.stop_requested()) {
        const auto batch = co_await database->transaction(remove);
        removed += batch;
        if (batch < removed_at_once) break;
    }
    co_return removed;
}

}  // namespace

asio::awaitable<std::int64_t> AccountUpkeep::remove_unconfirmed_accounts(std::stop_token stop) {
    return in_batches(&database_, std::move(stop),
                      [before = clock_.now() - unconfirmed_lifetime](db::Session session) {
                          return db::delete_unconfirmed_users(std::move(session), before, removed_at_once);
                      });
}

asio::awaitable<std::int64_t> AccountUpkeep::remove_expired_sessions(std::stop_token stop) {
    return in_batches(&database_, std::move(stop), [now = clock_.now()](db::Session session) {
        return db::delete_expired_login_sessions(std::move(session), now, removed_at_once);
    });
}

}  // namespace localtea::services
