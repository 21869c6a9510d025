// Text of one variable -> its value. Every reader returns false when the text has not the accepted form; the
// form in words stands beside it in table.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samovar/limits.hpp>

#include "base/network.hpp"
#include "config/secret.hpp"

namespace localtea::config {

/// As pydantic: 1 on t true y yes, 0 off f false n no, in any case.
bool read(std::string_view text, bool& value);
/// One line of visible text, in UTF-8.
bool read(std::string_view text, std::string& value);
bool read(std::string_view text, Secret& value);
/// In the grammar of Python's `limits`: "3/minute; 20 per 2 hours".
bool read(std::string_view text, std::vector<samovar::limits::Limit>& value);
/// Addresses, networks and the word "loopback", as a JSON array or with commas.
bool read(std::string_view text, samovar::net::Networks& value);

/// A whole number in decimal within the bounds, which belong to it.
std::optional<std::int64_t> read_integer(std::string_view text, std::int64_t least, std::int64_t most);

/// A JSON array of strings, or items separated by commas (white space around them dropped, empty ones left out).
std::optional<std::vector<std::string>> read_list(std::string_view text);

/// http:// or https://, a host, perhaps a port; `path` says whether a path may follow. A slash at the end is
/// dropped. No user, query or fragment.
bool read_http_url(std::string_view text, bool path, std::string& value);

/// A list of origins; "*" may stand alone.
bool read_origins(std::string_view text, std::vector<std::string>& value);

/// redis, rediss, unix, redis+socket, valkey, valkeys or sentinel, and something behind "://". Its parts are
/// read by whoever connects.
bool read_redis_url(std::string_view text, Secret& value);

/// local@domain on one line; deliverability is the mail server's to judge.
bool read_mailbox(std::string_view text, std::string& value);

/// The path, on one line, of a file that can be read and holds a certificate in PEM.
bool read_certificate_file(std::string_view text, std::string& value);

/// ASCII, without regard to case.
bool same_word(std::string_view a, std::string_view b);

}  // namespace localtea::config
