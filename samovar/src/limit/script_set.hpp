// The strategies' Lua scripts.
#pragma once

#include <string_view>

#include <samovar/limits.hpp>

#include "redis/script.hpp"

namespace samovar::limits {

const redis::Script& script_of(Strategy strategy);

/// Its text with `preamble` in front, so that tests can make any of its calls fail.
redis::Script make_script(Strategy strategy, std::string_view preamble);

}  // namespace samovar::limits
