#include "redis/url.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <boost/url/authority_view.hpp>
#include <boost/url/parse.hpp>

#include "base/percent.hpp"
#include "redis/error.hpp"
#include "redis/url_options.hpp"

namespace samovar::redis {
namespace {

namespace urls = boost::urls;
using percent::decode_leniently;

constexpr std::string_view form = "redis://[[user][:password]@]host[:port][/database]";

/// The parts of a URL, cut as Python's urlparse cuts: Boost.URL takes no raw @, space or % in a password.
struct Parts {
    std::string scheme;
    bool has_user = false;
    std::string_view user, password;
    std::string_view host, port;
    std::string_view path, query;
    bool has_fragment = false;
    /// Behind the host stands an @, as when a password has a / ? or # that is not encoded: of what stands there,
    /// nothing may be quoted.
    bool doubtful = false;
};

bool is_control(char c) { return (c >= 0 && c < ' ') || c == 0x7F; }

/// Cuts off and returns what stands before the first of `separators`, which stays.
std::string_view cut(std::string_view& rest, std::string_view separators) {
    const auto end = std::min(rest.find_first_of(separators), rest.size());
    const auto part = rest.substr(0, end);
    rest.remove_prefix(end);
    return part;
}

std::string read_scheme(std::string_view& rest) {
    const auto end = rest.find("://");
    const auto is_scheme = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
               c == '-' || c == '.';
    };
    // Not quoted: without a scheme, what stands there may be the password.
    if (end == std::string_view::npos || !std::ranges::all_of(rest.substr(0, end), is_scheme)) {
        refuse_url(fmt::format("it has no scheme; the form is {}", form));
    }
    std::string scheme{rest.substr(0, end)};
    std::ranges::transform(scheme, scheme.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
    rest.remove_prefix(end + 3);
    return scheme;
}

void split_authority(Parts& parts, std::string_view authority) {
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        parts.has_user = true;
        parts.password = authority.substr(0, at);
        parts.user = cut(parts.password, ":");
        parts.password.remove_prefix(std::min<std::size_t>(1, parts.password.size()));
        authority.remove_prefix(at + 1);
    }
    const auto bracket = authority.starts_with('[') ? authority.find(']') : 0;
    const auto colon = authority.find(':', bracket);
    parts.host = authority.substr(0, colon);
    if (colon != std::string_view::npos) parts.port = authority.substr(colon + 1);
}

Parts split(std::string_view text) {
    Parts parts;
    parts.scheme = read_scheme(text);
    split_authority(parts, cut(text, "/?#"));
    parts.doubtful = text.find('@') != std::string_view::npos;
    parts.path = cut(text, "?#");
    parts.query = cut(text, "#");
    parts.has_fragment = !text.empty();
    if (!parts.query.empty()) parts.query.remove_prefix(1);
    return parts;
}

UrlKind kind_of(const Parts& parts) {
    const std::string_view scheme = parts.scheme;
    if (scheme == "redis" || scheme == "valkey") return UrlKind::plain;
    if (scheme == "rediss" || scheme == "valkeys") return UrlKind::tls;
    if (scheme == "unix") return UrlKind::unix_socket;
    if (scheme == "redis+socket") return UrlKind::kombu_socket;
    if (scheme.find("sentinel") != std::string_view::npos) {
        refuse_url("Sentinel is not supported yet; the address of the master itself is");
    }
    if (scheme.find("cluster") != std::string_view::npos) refuse_url("Redis Cluster is not supported");
    refuse_url(fmt::format("scheme {:?} is not one of redis, rediss, valkey, valkeys, unix, redis+socket",
                           parts.scheme.substr(0, 20)));
}

/// Boost.URL knows what a host is: a name, an IPv4 or IPv6 address.
void read_host(Endpoint& endpoint, std::string_view host) {
    if (host.empty()) return;
    if (host.find_first_of(",;") != std::string_view::npos) refuse_url("only one server can be named");
    const auto parsed = urls::parse_authority(host);
    if (!parsed || parsed->host_address().empty()) {
        refuse_url("the host is neither a name nor an IPv4 address nor an IPv6 address in brackets");
    }
    endpoint.host = parsed->host_address();
    std::ranges::transform(endpoint.host, endpoint.host.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
}

void read_network_address(Endpoint& endpoint, const Parts& parts) {
    if (!parts.port.empty()) {
        endpoint.port = static_cast<std::uint16_t>(parse_number(parts.port, "port", 1, 65535));
    }
    read_host(endpoint, parts.host);
    const auto path = decode_leniently(parts.path);
    std::string_view database = path;
    database.remove_prefix(std::min(database.find_first_not_of('/'), database.size()));
    while (database.ends_with('/')) database.remove_suffix(1);
    if (!database.empty()) set_database(endpoint, database);
}

void read_socket_address(Endpoint& endpoint, const Parts& parts) {
    // unix://etc/redis.sock would name a host; a socket has only a path.
    if (!parts.host.empty() || !parts.port.empty()) {
        refuse_url("a socket's path is absolute, as in unix:///run/redis.sock");
    }
    endpoint.socket_path = decode_leniently(parts.path);
    if (endpoint.socket_path.size() < 2) refuse_url("the socket's path is missing, as in unix:///run/redis.sock");
}

void check_tls(const Endpoint& endpoint) {
    if (!endpoint.cert_file.empty()) return;
    if (!endpoint.key_file.empty()) refuse_url("ssl_keyfile is given without its ssl_certfile");
    if (!endpoint.key_password.empty()) refuse_url("ssl_password is given without its ssl_certfile");
}

Endpoint read(const Parts& parts) {
    const auto kind = kind_of(parts);
    Endpoint endpoint;
    endpoint.username = decode_leniently(parts.user);
    endpoint.password = decode_leniently(parts.password);
    endpoint.tls = kind == UrlKind::tls;
    if (kind == UrlKind::plain || kind == UrlKind::tls) {
        read_network_address(endpoint, parts);
    } else {
        read_socket_address(endpoint, parts);
    }
    if (parts.has_fragment) refuse_url("it has a #");
    apply_parameters(endpoint, kind, parts.query, !parts.doubtful);
    check_tls(endpoint);
    if (!endpoint.connect_timeout) endpoint.connect_timeout = endpoint.answer_timeout;  // As in redis-py.
    return endpoint;
}

}  // namespace

Endpoint parse_url(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    if (std::ranges::any_of(text, is_control)) refuse_url("it has a line end or another control character");
    const auto parts = split(text);
    try {
        return read(parts);
    } catch (const Error& error) {
        if (!parts.doubtful && !parts.has_fragment) throw;
        throw Error{error.kind(),
                    fmt::format("{}; in a user or password, / ? and # are written %2F %3F and %23", error.what())};
    }
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
