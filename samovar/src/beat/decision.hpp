// What to do about an entry now. No I/O, no clock.
#pragma once

#include <samovar/options.hpp>
#include <samovar/schedule.hpp>

namespace samovar::beat {

struct Decision {
    enum class Kind {
        /// Its slot is still to come.
        wait,
        /// Send the message of `slot`.
        fire,
        /// What is due is too old: go on with `next`.
        pass,
    };
    Kind kind = Kind::wait;
    WallTime slot{};
    WallTime next{};
};

/// `due` is the entry's next slot, and some beat has been running since `watched_since`. A slot that came due
/// while one was running is sent, however late; of those before, one, if the entry wants that.
Decision decide(const Schedule& schedule, const BeatOptions& options, WallTime due, WallTime now,
                WallTime watched_since);

}  // namespace samovar::beat
