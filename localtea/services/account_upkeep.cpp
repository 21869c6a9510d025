#include "services/account_upkeep.hpp"

#include <utility>

#include "db/login_sessions.hpp"
#include "db/users.hpp"
#include "services/batches.hpp"

namespace localtea::services {
namespace {

namespace asio = boost::asio;

constexpr std::int64_t removed_at_once = 500;

}  // namespace

asio::awaitable<std::int64_t> AccountUpkeep::remove_unconfirmed_accounts(std::stop_token stop) {
    return in_batches(&database_, removed_at_once, std::move(stop),
                      [before = clock_.now() - unconfirmed_lifetime](db::Session session) {
                          return db::delete_unconfirmed_users(std::move(session), before, removed_at_once);
                      });
}

asio::awaitable<std::int64_t> AccountUpkeep::remove_expired_sessions(std::stop_token stop) {
    return in_batches(&database_, removed_at_once, std::move(stop), [now = clock_.now()](db::Session session) {
        return db::delete_expired_login_sessions(std::move(session), now, removed_at_once);
    });
}

}  // namespace localtea::services
