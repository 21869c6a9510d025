// Asking workers, Python's too, and collecting what they answer.
#pragma once

#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include <samovar/inspect.hpp>

#include "broker/redis_session.hpp"

namespace samovar::inspect {

namespace asio = boost::asio;

/// Errors: redis::Error. Threads: as the session.
/// Lifetime: session and clock outlive it. The session is blocked while answers are waited for: it is of this
/// use alone, and has no health check.
class Nodes {
public:
    Nodes(broker::RedisSession& session, const Clock& clock) : session_(&session), clock_(&clock) {}

    /// Answers by node. Returns when all that were asked have answered, or after the timeout with those that have.
    /// An answer that cannot be read is left out, with a warning.
    asio::awaitable<NodeAnswers> ask(Question question);

private:
    struct Address;

    asio::awaitable<std::size_t> publish(Question question, Address address);
    asio::awaitable<void> collect(Address address, std::size_t expected, SteadyTime until, NodeAnswers* answers);
    asio::awaitable<std::optional<std::string>> next_answer(std::string list, SteadyTime until);

    broker::RedisSession* session_;
    const Clock* clock_;
};

}  // namespace samovar::inspect
