// A Lua script and its digest.
#pragma once

#include <string>
#include <string_view>

namespace samovar::redis {

/// A script is sent by digest; the connection loads every script it was given after each (re)connect, and an
/// EVALSHA that still meets NOSCRIPT (SCRIPT FLUSH in between) is sent again as EVAL. Scripts therefore have to
/// be written so that being sent twice is harmless only if the first was not refused, which NOSCRIPT guarantees.
class Script {
public:
    /// `name` is for logs and errors; `source` must stay alive (it is embedded in the program).
    Script(std::string_view name, std::string_view source);

    std::string_view name() const { return name_; }
    std::string_view source() const { return source_; }
    /// SHA-1 of the source, 40 hexadecimal digits.
    const std::string& digest() const { return digest_; }

private:
    std::string_view name_;
    std::string_view source_;
    std::string digest_;
};

}  // namespace samovar::redis
