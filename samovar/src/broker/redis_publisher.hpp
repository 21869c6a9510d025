// Messages on their way into Redis.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "broker/broker.hpp"
#include "broker/redis_session.hpp"

namespace samovar::broker {

/// Lifetime: the session outlives it; it outlives its calls.
class RedisPublisher {
public:
    explicit RedisPublisher(RedisSession& session);

    asio::awaitable<Published> publish(Outgoing message);
    asio::awaitable<void> publish_many(std::vector<Outgoing> messages);
    /// To be called when the connection was lost or made: bindings are sent again. May outlive this.
    std::function<void()> reconnected() const;

private:
    asio::awaitable<void> push(redis::Request request, std::vector<bool> pushes);
    asio::awaitable<std::vector<Published>> run_script(std::vector<Outgoing> messages, bool resend);

    class BoundQueues;

    RedisSession& session_;
    std::shared_ptr<BoundQueues> bound_;
};

}  // namespace samovar::broker
