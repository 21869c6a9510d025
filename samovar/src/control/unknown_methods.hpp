// Which methods that do not exist the log has named. No I/O.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>

#include <samovar/clock.hpp>

namespace samovar::control {

/// Each name is told once in an hour, and so many of them: Flower asks for some every few seconds, and whoever
/// makes names up must not flood the log. Threads: one at a time.
class UnknownMethods {
public:
    static constexpr std::size_t most_names = 20;
    static constexpr std::chrono::hours told_for{1};

    /// What the log is to say; nullopt: nothing. `name` is fit to be shown.
    std::optional<std::string> tell(const std::string& name, SteadyTime now) {
        if (now - since_ >= told_for) {
            told_.clear();
            since_ = now;
        }
        if (told_.size() >= most_names || !told_.insert(name).second) return std::nullopt;
        const auto* more = told_.size() == most_names ? "; no other is named for an hour" : "";
        return "there is no method " + name + more;
    }

private:
    std::set<std::string> told_;
    SteadyTime since_{};
};

}  // namespace samovar::control
