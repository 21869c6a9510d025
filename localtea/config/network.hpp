// Sets of IP addresses: whom to trust and whom to answer.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace localtea::config {

/// An IPv6 address; an IPv4 one is kept as ::ffff:a.b.c.d, so that both families compare alike.
using Address = std::array<std::uint8_t, 16>;

/// "192.0.2.7", "2001:db8::1", "::ffff:192.0.2.7" (the same as the first); nothing for any other text.
std::optional<Address> parse_address(std::string_view text);

/// Addresses that begin with the same bits.
struct Network {
    Address address{};
    /// Bits of the 128 that must agree; 96 more than an IPv4 network's own number.
    unsigned prefix = 128;

    bool contains(const Address& other) const;
    friend bool operator==(const Network&, const Network&) = default;
};

using Networks = std::vector<Network>;

/// True when one of the networks contains the address. Text that is no address is in none.
bool contains(const Networks& networks, std::string_view address);

/// True for 127.0.0.0/8 and ::1, and for the name "localhost".
bool is_loopback(std::string_view host);

/// Reads an address or network ("10.0.0.0/8", "fd00::/8"), or the word "loopback", and appends it.
/// Returns false for anything else: a network with bits set behind its prefix among it.
bool append_network(std::string_view text, Networks& networks);

}  // namespace localtea::config
