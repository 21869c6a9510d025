// The query parameters of a Redis URL.
#pragma once

#include <cstdint>
#include <string_view>

#include "redis/url.hpp"

namespace samovar::redis {

enum class UrlKind : std::uint8_t { plain, tls, unix_socket, kombu_socket };

/// Reads `name=value&...` into the endpoint. `quotable`: the text holds no piece of a password, as far as can be
/// told. Errors: Error{bad_configuration}.
void apply_parameters(Endpoint& endpoint, UrlKind kind, std::string_view query, bool quotable);

/// A database's number. Errors: Error{bad_configuration}.
void set_database(Endpoint& endpoint, std::string_view text);

[[noreturn]] void refuse_url(std::string_view what);

/// Errors: Error{bad_configuration} that names the part; its text is not in it, as it may be a piece of the
/// password.
int parse_number(std::string_view text, std::string_view part, int least, int most);

}  // namespace samovar::redis
