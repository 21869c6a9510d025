#include "redis/url.hpp"

#include <charconv>

#include <fmt/format.h>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "redis/error.hpp"

namespace samovar::redis {
namespace {

namespace urls = boost::urls;

[[noreturn]] void refuse_url(const std::string& what) {
    throw Error{Errc::bad_configuration, "Redis URL: " + what};
}

bool any_of(std::string_view word, auto... words) { return ((word == std::string_view{words}) || ...); }

template <class Number>
Number parse_number(std::string_view text, std::string_view part, Number least, Number most) {
    Number value{};
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size() || value < least || value > most) {
        // Not quoted: in a URL that is put together wrongly, it may be a piece of the password.
        refuse_url(fmt::format("the {} is not a whole number from {} to {}", part, least, most));
    }
    return value;
}

void set_database(Endpoint& endpoint, std::string_view text) {
    endpoint.database = parse_number(text, "database", 0, 1'000'000);
}

void set_certificate_check(Endpoint& endpoint, std::string_view value) {
    if (any_of(value, "none", "CERT_NONE")) {
        endpoint.verify = false;
    } else if (any_of(value, "required", "CERT_REQUIRED", "optional", "CERT_OPTIONAL")) {
        endpoint.verify = true;
    } else {
        refuse_url(
            fmt::format("ssl_cert_reqs {:?} is not one of none, optional, required, CERT_NONE, CERT_OPTIONAL, "
                        "CERT_REQUIRED",
                        value));
    }
}

void apply_parameter(Endpoint& endpoint, std::string_view key, std::string value) {
    if (any_of(key, "db", "virtual_host")) {
        set_database(endpoint, value.starts_with('/') ? std::string_view{value}.substr(1) : value);
    } else if (key == "username") {
        endpoint.username = std::move(value);
    } else if (key == "password") {
        endpoint.password = std::move(value);
    } else if (key == "ssl_cert_reqs") {
        set_certificate_check(endpoint, value);
    } else if (key == "ssl_ca_certs") {
        endpoint.ca_file = std::move(value);
    } else if (key == "ssl_certfile") {
        endpoint.cert_file = std::move(value);
    } else if (key == "ssl_keyfile") {
        endpoint.key_file = std::move(value);
    } else {
        refuse_url(
            fmt::format("unknown parameter {:?}; known are db, virtual_host, username, password, ssl_cert_reqs, "
                        "ssl_ca_certs, ssl_certfile, ssl_keyfile",
                        key));
    }
}

void read_socket_address(Endpoint& endpoint, const urls::url_view& url) {
    // unix://etc/redis.sock would name a host; a socket has only a path.
    if (!url.encoded_host().empty()) refuse_url("a socket path is absolute, as in unix:///run/redis.sock");
    endpoint.socket_path = url.path();
    if (endpoint.socket_path.size() < 2) refuse_url("the socket path is missing, as in unix:///run/redis.sock");
}

void read_network_address(Endpoint& endpoint, const urls::url_view& url) {
    // The address of an IPv6 host comes without its brackets.
    if (const auto host = url.host_address(); !host.empty()) endpoint.host = host;
    if (url.has_port() && !url.port().empty()) {
        endpoint.port = parse_number<std::uint16_t>(std::string{url.port()}, "port", 1, 65535);
    }
    const auto path = url.path();
    if (path.size() > 1) set_database(endpoint, std::string_view{path}.substr(1));
}

void check_certificate_pair(const Endpoint& endpoint) {
    if (endpoint.key_file.empty() != endpoint.cert_file.empty()) {
        refuse_url("ssl_certfile and ssl_keyfile go together, one of them is missing");
    }
}

}  // namespace

Endpoint parse_url(std::string_view text) {
    const auto parsed = urls::parse_uri(text);
    if (!parsed) {
        refuse_url(
            "not of the form redis://[[user]:password@]host[:port][/db]; special characters in a user or "
            "password are percent-encoded");
    }
    const urls::url_view& url = *parsed;
    const std::string scheme{url.scheme()};
    Endpoint endpoint;
    endpoint.username = url.user();
    endpoint.password = url.password();
    if (any_of(scheme, "unix", "redis+socket")) {
        read_socket_address(endpoint, url);
    } else if (any_of(scheme, "redis", "rediss", "valkey", "valkeys")) {
        endpoint.tls = scheme.ends_with("ss") || scheme == "valkeys";
        read_network_address(endpoint, url);
    } else {
        refuse_url(
            fmt::format("scheme {:?} is not one of redis, rediss, valkey, valkeys, unix, redis+socket", scheme));
    }
    for (const auto parameter : url.params()) apply_parameter(endpoint, parameter.key, parameter.value);
    check_certificate_pair(endpoint);
    return endpoint;
}

std::string describe(const Endpoint& endpoint) {
    std::string user = endpoint.username;
    if (!endpoint.password.empty()) user += ":***";
    if (!user.empty()) user += '@';
    if (!endpoint.socket_path.empty()) {
        return fmt::format("unix://{}{}?db={}", user, endpoint.socket_path, endpoint.database);
    }
    const bool ipv6 = endpoint.host.find(':') != std::string::npos;
    return fmt::format("{}://{}{}{}{}:{}/{}", endpoint.tls ? "rediss" : "redis", user, ipv6 ? "[" : "",
                       endpoint.host, ipv6 ? "]" : "", endpoint.port, endpoint.database);
}

}  // namespace samovar::redis
