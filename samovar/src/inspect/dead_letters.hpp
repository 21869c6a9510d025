// Dead letters, for people: look at them, put them back, drop them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "broker/broker.hpp"

namespace samovar::inspect {

namespace asio = boost::asio;

/// Errors: what the broker throws.
/// Lifetime: the broker must outlive it. Threads: as the broker.
class DeadLetters {
public:
    explicit DeadLetters(broker::Broker& broker) : broker_(&broker) {}

    /// All of them, the oldest first.
    asio::awaitable<std::vector<broker::DeadLetter>> list();

    /// Those with that task id, of which there may be several, or that member name.
    asio::awaitable<std::vector<broker::DeadLetter>> find(std::string id);

    /// The message as it was received; nullopt when the letter is gone.
    asio::awaitable<std::optional<std::string>> content(broker::DeadLetter letter);

    /// Puts the message back, byte for byte, at its priority: into `queue`, or when that is empty into the queue
    /// it came from. False when the letter was gone.
    asio::awaitable<bool> retry(broker::DeadLetter letter, std::string queue);

    /// False when the letter was gone.
    asio::awaitable<bool> drop(broker::DeadLetter letter);

private:
    broker::Broker* broker_;
};

}  // namespace samovar::inspect
