// The request target, taken apart once: what is checked is what is routed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace web::detail {

struct Target {
    /// Decoded, "/a/b"; "*" for the asterisk form.
    std::string path;
    /// Encoded, without the question mark.
    std::string query;
};

/// Reads the origin form ("/a?b"), the absolute form ("http://host/a?b") and "*".
///
/// Nothing for a target that no honest client sends: broken escapes or UTF-8, control characters, a fragment,
/// dot segments in any spelling, and separators hidden in an escape (%2F, %5C). Segment boundaries in the
/// decoded path are therefore those of the raw one.
std::optional<Target> parse_target(std::string_view target);

}  // namespace web::detail
