// The broker's Lua scripts, each with the common prelude in front.
#pragma once

#include <vector>

#include "redis/script.hpp"

namespace samovar::broker {

/// Lifetime: until the process ends.
struct ScriptSet {
    redis::Script reserve;
    redis::Script complete;
    redis::Script start;
    redis::Script renew;
    redis::Script promote;
    redis::Script publish;
    redis::Script reap;
    redis::Script touch;
    redis::Script restore_foreign;
    redis::Script dead_retry;
    redis::Script dead_drop;
    redis::Script store_results;

    std::vector<const redis::Script*> all() const;
};

const ScriptSet& scripts();

}  // namespace samovar::broker
