// Whether a request is meant for a node. No I/O.
#pragma once

#include <stdexcept>
#include <string_view>

#include "message/control.hpp"

namespace samovar::control {

/// The pattern cannot be read, or its matcher is unknown.
class BadPattern : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// kombu's rules: named in the destination; else, without one, matched by the pattern, in full as a glob and from
/// its beginning as a regular expression; else, without either, everybody. Errors: BadPattern.
bool concerns(const message::ControlRequest& request, std::string_view node);

/// As Python's fnmatch: * any text, ? any character, [abc], [a-z], [!abc]. Bytes, not characters, are compared.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace samovar::control
