// How long to wait before a process that died is started again.
#pragma once

#include <chrono>

namespace localtea::commands {

/// Doubles with every short life in a row, so that one that cannot live costs little, and starts over after a long
/// one, so that a rare crash is repaired at once. Threads: one at a time.
class RestartPolicy {
public:
    struct Settings {
        std::chrono::milliseconds first{200};
        std::chrono::milliseconds longest{30'000};
        /// Who lived this long died of something new.
        std::chrono::milliseconds long_life{30'000};
    };

    RestartPolicy() = default;
    explicit RestartPolicy(Settings settings) : settings_(settings) {}

    /// The pause after a life of that length.
    std::chrono::milliseconds pause_after(std::chrono::milliseconds life);

private:
    Settings settings_;
    std::chrono::milliseconds next_{0};
};

}  // namespace localtea::commands
