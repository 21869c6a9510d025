// What waits for its time, for people: look at it, cancel it, run it now.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>

#include "broker/broker.hpp"

namespace samovar::inspect {

namespace asio = boost::asio;

struct DelayedTask {
    /// Unique among the delayed.
    std::string member;
    /// Empty when the message cannot be read, as `task`.
    std::string id;
    std::string task;
    std::string queue;
    /// When it goes to its queue. What waits for room in a limit goes earlier, as soon as there is some.
    WallTime due{};
    std::int64_t retries = 0;
};

/// Errors: what the broker throws.
/// Lifetime: the broker must outlive it. Threads: as the broker.
class Delayed {
public:
    explicit Delayed(broker::Broker& broker) : broker_(&broker) {}

    /// Those from that rank on, the earliest first, and where to go on. What becomes due between two pages may be
    /// missing from the second one, as it is from the store.
    struct Page {
        std::vector<DelayedTask> tasks;
        std::optional<std::size_t> next;
    };
    asio::awaitable<Page> page(std::size_t rank, std::size_t count);

    /// Those of that task: none, one, or several copies that were sent with one id.
    asio::awaitable<std::vector<DelayedTask>> find(std::string task_id);

    /// Removes every copy of that task and stores REVOKED as its result, unless it ignores results; `now` is when.
    /// Returns how many there were.
    asio::awaitable<std::size_t> cancel(std::string task_id, WallTime now);

    /// Moves every copy to the consuming end of its queue, without its eta, which would hold it up again. Returns
    /// how many there were.
    asio::awaitable<std::size_t> run_now(std::string task_id);

private:
    broker::Broker* broker_;
};

}  // namespace samovar::inspect
