// Delayed messages in Redis, for those who look: list, cancel, run now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "broker/broker.hpp"
#include "broker/redis_session.hpp"
#include "broker/script_arguments.hpp"

namespace samovar::broker {

/// See Broker. Lifetime: the session outlives it; it outlives its calls.
class RedisDelayed {
public:
    /// `database` is the broker's. Results that go elsewhere are not written here.
    RedisDelayed(RedisSession& session, int database, ResultTarget results)
        : session_(session), database_(database), results_(std::move(results)) {}

    asio::awaitable<DelayedPage> page(std::size_t rank, std::size_t count);
    asio::awaitable<std::vector<DelayedMessage>> find(std::string task_id);
    asio::awaitable<bool> cancel(Cancellation cancelled);
    asio::awaitable<bool> run_now(std::string member, std::string envelope);

private:
    asio::awaitable<bool> take(std::string mode, Cancellation what, std::string envelope);
    asio::awaitable<std::optional<DelayedMessage>> read(std::string member);

    RedisSession& session_;
    const int database_;
    const ResultTarget results_;
};

}  // namespace samovar::broker
