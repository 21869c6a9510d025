#include "redis/url_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/percent.hpp"
#include "redis/error.hpp"

namespace samovar::redis {
namespace {

using std::chrono::milliseconds;

bool any_of(std::string_view word, auto... words) { return ((word == std::string_view{words}) || ...); }

std::string lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
    return out;
}

bool read_flag(std::string_view text, std::string_view part) {
    const auto word = lower(text);
    if (any_of(word, "1", "t", "true", "y", "yes")) return true;
    if (any_of(word, "0", "f", "false", "n", "no")) return false;
    refuse_url(fmt::format("{} is neither true nor false", part));
}

milliseconds parse_seconds(std::string_view text, std::string_view part) {
    double seconds = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, seconds);
    constexpr double most = 86'400;
    if (parsed.ec != std::errc{} || parsed.ptr != end || !(seconds >= 0.001 && seconds <= most)) {
        refuse_url(fmt::format("{} is not a number of seconds from 0.001 to {}", part, most));
    }
    return milliseconds{std::llround(seconds * 1000)};
}

/// One parameter: what it is for, and what it does.
struct Parameter {
    enum class Of : std::uint8_t { all, network, tls, unix_socket, kombu_socket, not_kombu_socket };

    std::string_view name;
    Of of;
    void (*apply)(Endpoint& endpoint, std::string value);
};

using Of = Parameter::Of;

void set_certificate_check(Endpoint& endpoint, std::string value) {
    if (!any_of(value, "none", "CERT_NONE", "optional", "CERT_OPTIONAL", "required", "CERT_REQUIRED")) {
        refuse_url(
            "ssl_cert_reqs is not one of none, optional, required, CERT_NONE, CERT_OPTIONAL, CERT_REQUIRED");
    }
    endpoint.verify = !any_of(value, "none", "CERT_NONE");
}

void set_name_check(Endpoint& endpoint, std::string value) {
    endpoint.verify_name = read_flag(value, "ssl_check_hostname");
}

void set_keep_alive(Endpoint& endpoint, std::string value) {
    endpoint.keep_alive = read_flag(value, "socket_keepalive");
}

void set_answer_timeout(Endpoint& endpoint, std::string value) {
    endpoint.answer_timeout = parse_seconds(value, "socket_timeout");
}

void set_connect_timeout(Endpoint& endpoint, std::string value) {
    endpoint.connect_timeout = parse_seconds(value, "socket_connect_timeout");
}

void set_health_interval(Endpoint& endpoint, std::string value) {
    endpoint.health_interval = std::chrono::seconds{parse_number(value, "health_check_interval", 0, 86'400)};
}

void set_protocol(Endpoint& endpoint, std::string value) {
    endpoint.protocol = parse_number(value, "protocol", 2, 3);
}

void set_client_name(Endpoint& endpoint, std::string value) {
    if (!std::ranges::all_of(value, [](char c) { return c >= '!' && c <= '~'; })) {
        refuse_url("client_name has characters other than '!' to '~'");
    }
    endpoint.client_name = std::move(value);
}

// In redis-py the address itself goes before its parameters.
void set_username(Endpoint& endpoint, std::string value) {
    if (endpoint.username.empty()) endpoint.username = std::move(value);
}

void set_password(Endpoint& endpoint, std::string value) {
    if (endpoint.password.empty()) endpoint.password = std::move(value);
}

// They tune how redis-py itself works: its pool, its repetitions, its strings. There is nothing here to tune.
void tunes_redis_py(Endpoint&, std::string) {}

void require_utf8(Endpoint&, std::string value) {
    if (!any_of(lower(value), "utf-8", "utf8", "utf_8")) refuse_url("encoding is not utf-8, which it has to be");
}

constexpr std::array parameters{
    Parameter{"db", Of::not_kombu_socket, [](Endpoint& e, std::string value) { set_database(e, value); }},
    Parameter{"virtual_host", Of::kombu_socket,
              [](Endpoint& e, std::string value) {
                  const std::string_view number = std::string_view{value}.substr(value.starts_with('/') ? 1 : 0);
                  if (!number.empty()) set_database(e, number);
              }},
    Parameter{"username", Of::all, set_username},
    Parameter{"password", Of::all, set_password},
    Parameter{"client_name", Of::all, set_client_name},
    Parameter{"protocol", Of::all, set_protocol},
    Parameter{"socket_timeout", Of::all, set_answer_timeout},
    Parameter{"health_check_interval", Of::all, set_health_interval},
    Parameter{"socket_connect_timeout", Of::all, set_connect_timeout},
    Parameter{"socket_keepalive", Of::network, set_keep_alive},
    Parameter{"ssl_cert_reqs", Of::tls, set_certificate_check},
    Parameter{"ssl_check_hostname", Of::tls, set_name_check},
    Parameter{"ssl_ca_certs", Of::tls, [](Endpoint& e, std::string value) { e.ca_file = std::move(value); }},
    Parameter{"ssl_ca_path", Of::tls, [](Endpoint& e, std::string value) { e.ca_folder = std::move(value); }},
    Parameter{"ssl_ca_data", Of::tls, [](Endpoint& e, std::string value) { e.ca_data = std::move(value); }},
    Parameter{"ssl_certfile", Of::tls, [](Endpoint& e, std::string value) { e.cert_file = std::move(value); }},
    Parameter{"ssl_keyfile", Of::tls, [](Endpoint& e, std::string value) { e.key_file = std::move(value); }},
    Parameter{"ssl_password", Of::tls, [](Endpoint& e, std::string value) { e.key_password = std::move(value); }},
    Parameter{"ssl_ciphers", Of::tls, [](Endpoint& e, std::string value) { e.ciphers = std::move(value); }},
    Parameter{"encoding", Of::all, require_utf8},
    Parameter{"encoding_errors", Of::all, tunes_redis_py},
    Parameter{"decode_responses", Of::all, tunes_redis_py},
    Parameter{"max_connections", Of::all,
              [](Endpoint&, std::string value) { parse_number(value, "max_connections", 1, 1'000'000); }},
    Parameter{"retry_on_timeout", Of::all, tunes_redis_py},
    Parameter{"lib_name", Of::all, tunes_redis_py},
    Parameter{"lib_version", Of::all, tunes_redis_py},
};

/// Why a parameter has no place in this URL; empty: it has.
std::string_view misplaced(Of of, UrlKind kind) {
    const bool socket = kind == UrlKind::unix_socket || kind == UrlKind::kombu_socket;
    if (of == Of::tls && kind != UrlKind::tls) return "goes with rediss:// alone";
    if (of == Of::network && socket) return "means nothing on a unix socket";
    if (of == Of::kombu_socket && kind != UrlKind::kombu_socket) {
        return "goes with redis+socket:// alone; elsewhere the database is db";
    }
    if (of == Of::not_kombu_socket && kind == UrlKind::kombu_socket) {
        return "is called virtual_host with redis+socket://";
    }
    return {};
}

[[noreturn]] void refuse_unknown(std::string_view name, bool quotable) {
    const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    const bool word = quotable && name.size() <= 40 && std::ranges::all_of(name, is_word);
    refuse_url(fmt::format("{} is not known; docs/redis-url.md lists those that are",
                           word ? fmt::format("the parameter {}", name) : std::string{"a parameter"}));
}

// As in a form: a plus sign is a space.
std::string decode(std::string_view text) {
    std::string spaced{text};
    std::ranges::replace(spaced, '+', ' ');
    return percent::decode_leniently(spaced);
}

void apply_parameter(Endpoint& endpoint, UrlKind kind, std::string_view name, std::string_view value,
                     bool quotable, std::vector<std::string_view>& seen) {
    const auto* known = std::ranges::find(parameters, name, &Parameter::name);
    if (known == parameters.end()) refuse_unknown(name, quotable);
    if (const auto why = misplaced(known->of, kind); !why.empty()) refuse_url(fmt::format("{} {}", name, why));
    if (std::ranges::find(seen, known->name) != seen.end()) refuse_url(fmt::format("{} is given twice", name));
    seen.push_back(known->name);
    // What is empty was not given, as in Python.
    if (!value.empty()) known->apply(endpoint, decode(value));
}

}  // namespace

void refuse_url(std::string_view what) {
    throw Error{Errc::bad_configuration, fmt::format("Redis URL: {}", what)};
}

int parse_number(std::string_view text, std::string_view part, int least, int most) {
    int value = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    if (parsed.ec != std::errc{} || parsed.ptr != end || value < least || value > most) {
        refuse_url(fmt::format("the {} is not a whole number from {} to {}", part, least, most));
    }
    return value;
}

void set_database(Endpoint& endpoint, std::string_view text) {
    endpoint.database = parse_number(text, "database", 0, 1'000'000);
}

void apply_parameters(Endpoint& endpoint, UrlKind kind, std::string_view query, bool quotable) {
    std::vector<std::string_view> seen;
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto item = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (item.empty()) continue;
        const auto equals = item.find('=');
        if (equals == std::string_view::npos) refuse_url("a parameter is not of the form name=value");
        apply_parameter(endpoint, kind, decode(item.substr(0, equals)), item.substr(equals + 1), quotable, seen);
    }
    const bool name_check = std::ranges::find(seen, std::string_view{"ssl_check_hostname"}) != seen.end();
    if (name_check && endpoint.verify_name && !endpoint.verify) {
        refuse_url("ssl_check_hostname asks for a check that ssl_cert_reqs=none turns off");
    }
}

}  // namespace samovar::redis
