// What in a Redis server's set-up would let tasks be lost. Without I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace samovar::broker {

/// What the server says about itself.
struct StoreFacts {
    /// The answer to INFO; parts that are missing are not judged.
    std::string_view info;
    /// CONFIG GET save; nullopt where the user may not ask.
    std::optional<std::string_view> save;
};

/// One sentence for each thing that may cost tasks, in words for whoever runs the shop; empty: all is well.
/// Reported are a server before Redis 7, an evicting maxmemory-policy, and a server that persists nothing.
std::vector<std::string> store_problems(const StoreFacts& facts);

}  // namespace samovar::broker
