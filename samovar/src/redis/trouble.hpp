// What somebody does who has to go on asking a store that does not answer, or says no.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <samovar/clock.hpp>

#include "base/backoff.hpp"
#include "redis/error.hpp"

namespace samovar::redis {

/// Pauses and log lines while one thing fails. Whatever the error is called, it is the store's trouble and may
/// pass, so there is no list of words; what cannot be done for its own sake its doer tells apart before.
///
/// Threads: one at a time. Lifetime: the clock outlives it.
class Trouble {
public:
    /// `what` begins the line: "the lease is not renewed".
    Trouble(const Clock& clock, std::string what,
            std::chrono::milliseconds shortest = std::chrono::milliseconds{200});

    /// Logs the error, once a minute at most while it lasts, and returns how long to wait. A call that could not
    /// reach the store has waited already and is repeated after `shortest`; a refusal comes at once, again and
    /// again, so the pauses after it grow, up to 10 s.
    std::chrono::milliseconds after(const Error& error);
    /// It has answered. Logged when the trouble was.
    void over();

private:
    const Clock& clock_;
    const std::string what_;
    const std::chrono::milliseconds shortest_;
    Backoff backoff_;
    std::optional<SteadyTime> logged_;
    std::optional<SteadyTime> since_;
};

}  // namespace samovar::redis
