// A name for a message that cannot be decoded. No I/O.
#pragma once

#include <string>
#include <string_view>

namespace samovar::broker {

/// The text of the first member of that name in something that is meant to be an envelope, for a dead letter's
/// label; empty when there is none, or it holds escapes or more than ASCII. As common.lua does it.
std::string label(std::string_view envelope, std::string_view name);

}  // namespace samovar::broker
