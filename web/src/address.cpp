#include <web/address.hpp>

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

#include "text.hpp"

namespace web {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::optional<unsigned> parse_prefix(std::string_view text, unsigned longest) {
    unsigned prefix = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), prefix);
    if (error != std::errc{} || end != text.data() + text.size() || prefix > longest) return std::nullopt;
    return prefix;
}

/// An entry of X-Forwarded-For: an address, perhaps bracketed, perhaps with a port.
std::optional<IpAddress> parse_hop(std::string_view entry) {
    entry = detail::trim(entry);
    if (entry.starts_with('[')) {
        const std::size_t close = entry.find(']');
        return close == entry.npos ? std::nullopt : IpAddress::parse(entry.substr(1, close - 1));
    }
    const std::size_t colon = entry.find(':');
    const bool has_port = colon != entry.npos && entry.find(':', colon + 1) == entry.npos;
    return IpAddress::parse(has_port ? entry.substr(0, colon) : entry);
}

std::vector<std::string_view> split_hops(const std::vector<std::string_view>& fields) {
    std::vector<std::string_view> hops;
    for (std::string_view field : fields) {
        for (std::size_t comma = field.find(','); comma != field.npos; comma = field.find(',')) {
            hops.push_back(field.substr(0, comma));
            field.remove_prefix(comma + 1);
        }
        hops.push_back(field);
    }
    return hops;
}

}  // namespace

IpAddress IpAddress::v4(std::array<std::uint8_t, 4> bytes) {
    IpAddress address;
    std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
    return address;
}

IpAddress IpAddress::v6(std::array<std::uint8_t, 16> bytes) {
    if (std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes.begin()))
        return v4({bytes[12], bytes[13], bytes[14], bytes[15]});
    IpAddress address;
    address.bytes_ = bytes;
    address.v4_ = false;
    return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    char terminated[INET6_ADDRSTRLEN]{};
    if (text.size() >= sizeof terminated) return std::nullopt;
    text.copy(terminated, text.size());
    if (std::array<std::uint8_t, 4> bytes{}; inet_pton(AF_INET, terminated, bytes.data()) == 1) return v4(bytes);
    if (std::array<std::uint8_t, 16> bytes{}; inet_pton(AF_INET6, terminated, bytes.data()) == 1) return v6(bytes);
    return std::nullopt;
}

bool IpAddress::is_loopback() const {
    if (v4_) return bytes_[0] == 127;
    return std::all_of(bytes_.begin(), bytes_.end() - 1, [](auto byte) { return byte == 0; }) && bytes_[15] == 1;
}

std::string IpAddress::str() const {
    char text[INET6_ADDRSTRLEN]{};
    inet_ntop(v4_ ? AF_INET : AF_INET6, bytes_.data(), text, sizeof text);
    return text;
}

std::string IpAddress::client_group() const {
    if (v4_) return str();
    IpAddress network = *this;
    std::fill(network.bytes_.begin() + 8, network.bytes_.end(), std::uint8_t{0});
    return network.str() + "/64";
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto base = IpAddress::parse(text.substr(0, slash));
    if (!base) return std::nullopt;
    const unsigned longest = base->is_v4() ? 32 : 128;
    if (slash == text.npos) return IpNetwork{*base, longest};
    const auto prefix = parse_prefix(text.substr(slash + 1), longest);
    if (!prefix) return std::nullopt;
    return IpNetwork{*base, *prefix};
}

bool IpNetwork::contains(const IpAddress& address) const {
    if (address.v4_ != base_.v4_) return false;
    const std::size_t whole = prefix_ / 8;
    if (!std::equal(base_.bytes_.begin(), base_.bytes_.begin() + static_cast<std::ptrdiff_t>(whole),
                    address.bytes_.begin()))
        return false;
    if (prefix_ % 8 == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xff << (8 - prefix_ % 8));
    return ((base_.bytes_[whole] ^ address.bytes_[whole]) & mask) == 0;
}

IpNetworks::IpNetworks(const std::vector<std::string>& entries) {
    for (const std::string& entry : entries) {
        if (entry == "loopback") {
            networks_.push_back(*IpNetwork::parse("127.0.0.0/8"));
            networks_.push_back(*IpNetwork::parse("::1"));
            continue;
        }
        const auto network = IpNetwork::parse(entry);
        if (!network)
            throw std::invalid_argument(fmt::format(
                "\"{}\" is no network: expected an address, CIDR notation (10.0.0.0/8, 2001:db8::/32) or loopback",
                entry));
        networks_.push_back(*network);
    }
}

bool IpNetworks::contains(const IpAddress& address) const {
    return std::any_of(networks_.begin(), networks_.end(),
                       [&](const IpNetwork& network) { return network.contains(address); });
}

IpAddress client_address(const IpAddress& peer, const std::vector<std::string_view>& forwarded_for,
                         const IpNetworks& trusted) {
    if (!trusted.contains(peer)) return peer;
    const std::vector<std::string_view> hops = split_hops(forwarded_for);
    IpAddress client = peer;
    for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
        const auto address = parse_hop(*hop);
        if (!address) return client;
        client = *address;
        if (!trusted.contains(client)) return client;
    }
    return client;
}

}  // namespace web
