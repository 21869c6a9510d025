#include "db/postgres_address.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "db/error.hpp"

namespace localtea::db {
namespace {

using Strings = std::vector<std::string>;

Strings split(std::string_view text) {
    Strings parts;
    for (;;) {
        const auto comma = text.find(',');
        parts.emplace_back(text.substr(0, comma));
        if (comma == std::string_view::npos) return parts;
        text.remove_prefix(comma + 1);
    }
}

/// Removes the parameter and returns its value; empty when there is none.
std::string take(PostgresParameters& parameters, std::string_view keyword) {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const auto& parameter) { return parameter.first == keyword; });
    if (found == parameters.end()) return {};
    std::string value = std::move(found->second);
    parameters.erase(found);
    return value;
}

bool has(const PostgresParameters& parameters, std::string_view keyword) {
    return std::any_of(parameters.begin(), parameters.end(),
                       [&](const auto& parameter) { return parameter.first == keyword; });
}

/// libpq takes these for the folder, or the abstract name, of a unix socket.
bool is_local(std::string_view host) { return host.empty() || host.front() == '/' || host.front() == '@'; }

/// The addresses of one host; one empty string, which libpq passes over, for a local one.
asio::awaitable<Strings> addresses_of(std::string host) {
    if (is_local(host)) co_return Strings{""};
    asio::ip::tcp::resolver resolver{co_await asio::this_coro::executor};
    boost::system::error_code error;
    const auto found = co_await resolver.async_resolve(host, "", asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) throw boost::system::system_error{error};
    if (error) throw Error{Errc::connection, fmt::format("host {} cannot be resolved: {}", host, error.message())};
    Strings addresses;
    for (const auto& entry : found) addresses.push_back(entry.endpoint().address().to_string());
    co_return addresses;
}

}  // namespace

asio::awaitable<PostgresParameters> resolve_hosts(PostgresParameters parameters) {
    if (has(parameters, "hostaddr") || !has(parameters, "host")) co_return parameters;
    const Strings hosts = split(take(parameters, "host"));
    Strings ports = split(take(parameters, "port"));
    if (ports.size() == 1) ports.resize(hosts.size(), ports.front());
    if (ports.size() != hosts.size())
        throw Error{Errc::connection, "DATABASE_URL names more ports than one and not one for each host"};
    Strings each_host;
    Strings each_address;
    Strings each_port;
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        for (std::string& address : co_await addresses_of(hosts[i])) {
            each_host.push_back(hosts[i]);
            each_address.push_back(std::move(address));
            each_port.push_back(ports[i]);
        }
    }
    parameters.emplace_back("host", fmt::format("{}", fmt::join(each_host, ",")));
    parameters.emplace_back("hostaddr", fmt::format("{}", fmt::join(each_address, ",")));
    parameters.emplace_back("port", fmt::format("{}", fmt::join(each_port, ",")));
    co_return parameters;
}

}  // namespace localtea::db
