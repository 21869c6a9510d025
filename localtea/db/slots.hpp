// A bounded number of things, handed out in the order of asking.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace localtea::db {

namespace asio = boost::asio;

/// The right to use one of the things; given back when destroyed. Threads: give back from any.
class Slot {
public:
    class Shared;

    explicit Slot(std::shared_ptr<Shared> from) : from_(std::move(from)) {}
    Slot(Slot&&) noexcept = default;
    Slot& operator=(Slot&&) = delete;
    ~Slot();

private:
    std::shared_ptr<Shared> from_;
};

struct SlotUsage {
    std::size_t used = 0;
    /// Callers that wait for one.
    std::size_t waiting = 0;
};

/// Threads: any. Lifetime: may go before its slots.
class Slots {
public:
    /// `what` names the thing in errors.
    Slots(asio::any_io_executor executor, std::size_t count, std::string what);

    /// The next free slot, at once when there is one. Errors: Error{busy} when `limit` passes before.
    asio::awaitable<Slot> take(std::chrono::milliseconds limit);

    SlotUsage usage() const;

private:
    std::shared_ptr<Slot::Shared> shared_;
};

}  // namespace localtea::db
