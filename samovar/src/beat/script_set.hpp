// Beat's Lua scripts.
#pragma once

#include <string_view>
#include <vector>

#include "redis/script.hpp"

namespace samovar::beat {

struct ScriptSet {
    redis::Script lead;
    redis::Script resign;
    redis::Script load;
    redis::Script adopt;
    redis::Script plan;
    redis::Script fire;
    redis::Script put;
    redis::Script remove;
    redis::Script pause;

    std::vector<const redis::Script*> all() const;
};

const ScriptSet& scripts();

/// A set of its own with `preamble` in front of each script, so that tests can make any of their calls fail.
ScriptSet make_scripts(std::string_view preamble);

}  // namespace samovar::beat
