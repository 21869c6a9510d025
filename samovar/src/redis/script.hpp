// A Lua script and its digest; where the scripts of a program come from.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace samovar::redis {

/// A script is sent by digest; the connection loads every script it was given after each (re)connect, and an
/// EVALSHA that still meets NOSCRIPT (SCRIPT FLUSH in between) is sent again as EVAL. Scripts therefore have to
/// be written so that being sent twice is harmless only if the first was not refused, which NOSCRIPT guarantees.
class Script {
public:
    /// `name` is for logs and errors. Lifetime: it is a literal, or outlives the script.
    Script(std::string_view name, std::string source);

    std::string_view name() const { return name_; }
    const std::string& source() const { return source_; }
    /// SHA-1 of the source, 40 hexadecimal digits.
    const std::string& digest() const { return digest_; }

private:
    std::string_view name_;
    std::string source_;
    std::string digest_;
};

/// The text of `name`.lua among what the build embedded in the program. Errors: std::logic_error when it is not
/// there.
template <class Files>
std::string_view embedded_script(const Files& files, std::string_view name) {
    const auto file_name = std::string{name} + ".lua";
    for (const auto& file : files)
        if (file.name == file_name) return file.content;
    throw std::logic_error{"no embedded script " + file_name};
}

}  // namespace samovar::redis
