#include "config/database_url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/percent.hpp"

namespace localtea::config {
namespace {

/// What is wrong with a URL; empty: nothing.
using Fault = std::string_view;

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// Splits at the first `separator`: what is before it, and what is behind (nothing when it is absent).
std::pair<std::string_view, std::optional<std::string_view>> split(std::string_view text, char separator) {
    const auto at = text.find(separator);
    if (at == std::string_view::npos) return {text, std::nullopt};
    return {text.substr(0, at), text.substr(at + 1)};
}

void add(Parameters& parameters, std::string_view keyword, std::string_view encoded) {
    if (!encoded.empty()) parameters.emplace_back(keyword, samovar::percent::decode_leniently(encoded));
}

void read_user(std::string_view text, Parameters& parameters) {
    const auto [user, password] = split(text, ':');
    add(parameters, "user", user);
    if (password) add(parameters, "password", *password);
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port > 0 && port < 65536;
}

/// One `host`, `host:port` or `[ipv6]:port` of a list; hosts and ports become libpq's comma lists.
Fault read_host(std::string_view text, std::string& hosts, std::string& ports) {
    std::string_view host;
    std::optional<std::string_view> port;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return "its address in brackets is not closed";
        host = text.substr(1, close - 1);
        const auto rest = text.substr(close + 1);
        if (!rest.empty() && rest.front() != ':')
            return "something else than a port follows its address in brackets";
        if (!rest.empty()) port = rest.substr(1);
    } else {
        std::tie(host, port) = split(text, ':');
    }
    if (port && !port->empty() && !is_port(*port)) return "its port is no whole number from 1 to 65535";
    hosts += samovar::percent::decode_leniently(host);
    ports += port.value_or("");
    return {};
}

Fault read_hosts(std::string_view text, Parameters& parameters) {
    std::string hosts;
    std::string ports;
    std::optional<std::string_view> rest = text;
    while (rest) {
        const auto [one, more] = split(*rest, ',');
        if (const auto fault = read_host(one, hosts, ports); !fault.empty()) return fault;
        rest = more;
        if (rest) (hosts += ','), (ports += ',');
    }
    if (hosts.find_first_not_of(',') != std::string::npos) parameters.emplace_back("host", hosts);
    if (ports.find_first_not_of(',') != std::string::npos) parameters.emplace_back("port", ports);
    return {};
}

Fault read_query(std::string_view text, Parameters& parameters) {
    std::optional<std::string_view> rest = text;
    while (rest && !rest->empty()) {
        const auto [one, more] = split(*rest, '&');
        const auto [keyword, value] = split(one, '=');
        if (keyword.empty() || !value) return "a parameter behind its ? is not of the form name=value";
        add(parameters, keyword == "ssl" ? "sslmode" : keyword, *value);
        rest = more;
    }
    return {};
}

/// As in SQLAlchemy the first @ ends the password, whatever is in that; but host:5432/name?option=a@b has none.
bool is_user_info(std::string_view rest, std::size_t at) {
    const auto [user, password] = split(rest.substr(0, at), ':');
    if (user.find_first_of("/?") != std::string_view::npos) return false;
    if (at < rest.find('?')) return true;
    return password && !is_port(password->substr(0, password->find_first_of("/?")));
}

Fault read_postgresql(std::string_view rest, DatabaseUrl& url) {
    DatabaseUrl read{DatabaseKind::postgresql, {}, {}};
    if (const auto at = rest.find('@'); at != std::string_view::npos && is_user_info(rest, at)) {
        read_user(rest.substr(0, at), read.parameters);
        rest.remove_prefix(at + 1);
    }
    const auto [location, query] = split(rest, '?');
    const auto [hosts, name] = split(location, '/');
    if (const auto fault = read_hosts(hosts, read.parameters); !fault.empty()) return fault;
    if (name) add(read.parameters, "dbname", *name);
    if (query)
        if (const auto fault = read_query(*query, read.parameters); !fault.empty()) return fault;
    url = std::move(read);
    return {};
}

Fault read_sqlite(std::string_view rest, DatabaseUrl& url) {
    if (!rest.starts_with('/')) return "a sqlite file begins behind three slashes, an absolute one with a fourth";
    const auto file = split(rest.substr(1), '?').first;
    if (file.empty()) return "it names no file";
    if (file == ":memory:" || file.starts_with("file:"))
        return "it is a database in memory, another for each connection";
    url = DatabaseUrl{DatabaseKind::sqlite, std::string{file}, {}};
    return {};
}

Fault read_url(std::string_view text, DatabaseUrl& url) {
    if (text.find('\0') != std::string_view::npos) return "it holds a NUL";
    const auto separator = text.find("://");
    if (separator == std::string_view::npos) return "it has no scheme such as postgresql://";
    const auto [dialect, driver] = split(text.substr(0, separator), '+');
    const auto rest = text.substr(separator + 3);
    if (driver && driver->empty()) return "its driver behind the + is missing";
    if (dialect == "sqlite") return read_sqlite(rest, url);
    if (dialect == "postgresql" || dialect == "postgres") return read_postgresql(rest, url);
    return "its scheme is neither sqlite nor postgresql";
}

std::string_view parameter(const DatabaseUrl& url, std::string_view keyword, std::string_view fallback) {
    for (const auto& [name, value] : url.parameters)
        if (name == keyword) return value;
    return fallback;
}

}  // namespace

bool read(std::string_view text, DatabaseUrl& url) { return read_url(text, url).empty(); }

std::string_view fault_of_database_url(std::string_view text) {
    DatabaseUrl url;
    return read_url(text, url);
}

std::string describe(const DatabaseUrl& url) {
    if (url.kind == DatabaseKind::sqlite) return fmt::format("sqlite file {}", url.file);
    return fmt::format("postgresql database {} on {}:{}", parameter(url, "dbname", "(default)"),
                       parameter(url, "host", "(local socket)"), parameter(url, "port", "5432"));
}

}  // namespace localtea::config
