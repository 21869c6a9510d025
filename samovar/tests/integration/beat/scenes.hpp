// One call of each of beat's scripts, in a store where it has everything to do.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "beat/store.hpp"
#include "support/loop.hpp"

namespace samovar::beat {

struct Scene {
    std::string name;
    /// Calls the script; what it answers is not what the scenes are about.
    std::function<void(Store&, testing::Loop&)> act;
};

inline const std::string stored_definition = R"({"task":"t","schedule":"every 5s"})";
inline const WallTime stored_slot{std::chrono::seconds{1'700'000'000}};

/// Under the leader's token "1:leader": entry "stored" with its slot and its record, entry "paused", entries
/// "old-code" from code. A promoter is alive.
std::vector<redis::Request> arrangement(const Keys& keys);

Firing firing(bool delayed);
const std::vector<Scene>& scenes();

}  // namespace samovar::beat
