// What a customer's text may hold.
#pragma once

#include <string_view>

namespace localtea::domain {

/// UTF-8 in which every character shows or is an ordinary space: no controls (CR, LF and NUL among them), no
/// line separators, and none of the invisible marks that make two different texts look the same or turn the
/// direction of what follows.
bool is_visible(std::string_view text);

}  // namespace localtea::domain
