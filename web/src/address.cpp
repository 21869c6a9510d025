#include <web/address.hpp>

#include <optional>
#include <ranges>

#include "text.hpp"

namespace web {
namespace {

using samovar::net::Address;

/// An entry of X-Forwarded-For: an address, perhaps bracketed, perhaps with a port.
std::optional<Address> parse_hop(std::string_view entry) {
    entry = detail::trim(entry);
    if (entry.starts_with('[')) {
        const std::size_t close = entry.find(']');
        return close == std::string_view::npos ? std::nullopt : Address::parse(entry.substr(1, close - 1));
    }
    const std::size_t colon = entry.find(':');
    const bool has_port = colon != std::string_view::npos && entry.find(':', colon + 1) == std::string_view::npos;
    return Address::parse(has_port ? entry.substr(0, colon) : entry);
}

std::vector<std::string_view> split_hops(const std::vector<std::string_view>& fields) {
    std::vector<std::string_view> hops;
    for (std::string_view field : fields) {
        for (std::size_t comma = field.find(','); comma != std::string_view::npos; comma = field.find(',')) {
            hops.push_back(field.substr(0, comma));
            field.remove_prefix(comma + 1);
        }
        hops.push_back(field);
    }
    return hops;
}

}  // namespace

Address client_address(const Address& peer, const std::vector<std::string_view>& forwarded_for,
                       const samovar::net::Networks& trusted) {
    if (!trusted.contains(peer)) return peer;
    const std::vector<std::string_view> hops = split_hops(forwarded_for);
    Address client = peer;
    for (const auto hop : hops | std::views::reverse) {
        const auto address = parse_hop(hop);
        if (!address) return client;
        client = *address;
        if (!trusted.contains(client)) return client;
    }
    return client;
}

}  // namespace web
