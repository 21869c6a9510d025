#include "config/network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace localtea::config {
namespace {

constexpr unsigned ipv4_bits_before = 96;

bool is_ipv4(std::string_view text) { return text.find(':') == std::string_view::npos; }

bool bit(const Address& address, unsigned position) {
    return (address[position / 8] >> (7 - position % 8) & 1) != 0;
}

std::optional<unsigned> parse_prefix(std::string_view text, bool ipv4) {
    unsigned prefix = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), prefix);
    if (error != std::errc{} || end != text.data() + text.size() || prefix > (ipv4 ? 32u : 128u))
        return std::nullopt;
    return ipv4 ? prefix + ipv4_bits_before : prefix;
}

const Networks& loopback() {
    static const Networks networks{
        Network{*parse_address("127.0.0.0"), ipv4_bits_before + 8},
        Network{*parse_address("::1"), 128},
    };
    return networks;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
    const std::string terminated{text};
    Address address{};
    if (terminated.find('\0') != std::string::npos) return std::nullopt;
    if (is_ipv4(text)) {
        address[10] = address[11] = 0xFF;
        if (inet_pton(AF_INET, terminated.c_str(), address.data() + 12) != 1) return std::nullopt;
        return address;
    }
    if (inet_pton(AF_INET6, terminated.c_str(), address.data()) != 1) return std::nullopt;
    return address;
}

bool Network::contains(const Address& other) const {
    for (unsigned position = 0; position < prefix; ++position)
        if (bit(address, position) != bit(other, position)) return false;
    return true;
}

bool contains(const Networks& networks, std::string_view address) {
    const auto parsed = parse_address(address);
    return parsed && std::any_of(networks.begin(), networks.end(),
                                 [&](const Network& network) { return network.contains(*parsed); });
}

bool is_loopback(std::string_view host) { return host == "localhost" || contains(loopback(), host); }

bool append_network(std::string_view text, Networks& networks) {
    if (text == "loopback") {
        networks.insert(networks.end(), loopback().begin(), loopback().end());
        return true;
    }
    const auto slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return false;
    Network network{*address, 128};
    if (slash != std::string_view::npos) {
        const auto prefix = parse_prefix(text.substr(slash + 1), is_ipv4(text.substr(0, slash)));
        if (!prefix) return false;
        network.prefix = *prefix;
    }
    for (unsigned position = network.prefix; position < 128; ++position)
        if (bit(network.address, position)) return false;
    networks.push_back(network);
    return true;
}

}  // namespace localtea::config
