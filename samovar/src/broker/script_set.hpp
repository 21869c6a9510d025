// The broker's Lua scripts, each with the common prelude in front.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "redis/script.hpp"

namespace samovar::broker {

struct ScriptSet {
    redis::Script reserve;
    redis::Script complete;
    redis::Script start;
    redis::Script renew;
    redis::Script promote;
    redis::Script publish;
    redis::Script reap;
    redis::Script retire;
    redis::Script take_over;
    redis::Script registered;
    redis::Script rescue;
    redis::Script let_waiting_in;
    redis::Script restore_foreign;
    redis::Script delayed_list;
    redis::Script delayed_take;
    redis::Script dead_list;
    redis::Script dead_retry;
    redis::Script dead_drop;
    redis::Script store_results;

    std::vector<const redis::Script*> all() const;
};

const ScriptSet& scripts();

/// One script: `preamble`, the common prelude, then `parts`.
redis::Script make_script(std::string_view name, std::string_view preamble,
                          std::initializer_list<std::string_view> parts);

/// A set of its own with `preamble` in front of each script, so that tests can make any of their calls fail.
ScriptSet make_scripts(std::string_view preamble);

}  // namespace samovar::broker
