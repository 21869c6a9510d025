// IP addresses and sets of networks: whom to trust, whom to answer, whom to count as one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace samovar::net {

/// An IPv4 or IPv6 address. An IPv4 address written as IPv6 (::ffff:1.2.3.4) is the IPv4 address.
class Address {
public:
    /// 0.0.0.0.
    Address() = default;
    /// Dotted or colon notation, without port, brackets or zone. Nothing when the text is not an address.
    static std::optional<Address> parse(std::string_view text);
    static Address v4(std::array<std::uint8_t, 4> bytes);
    static Address v6(std::array<std::uint8_t, 16> bytes);

    bool is_v4() const { return v4_; }
    bool is_loopback() const;
    std::string str() const;
    /// The key to count a client by: the address itself, or an IPv6 client's /64 ("2001:db8:1:2::/64"), since one
    /// customer owns a whole /64.
    std::string client_group() const;

    friend bool operator==(const Address&, const Address&) = default;

private:
    friend class Network;
    std::array<std::uint8_t, 16> bytes_{};
    bool v4_ = true;
};

/// An address with a prefix length, "10.0.0.0/8"; a bare address is a network of one.
class Network {
public:
    /// Nothing when the text is neither an address nor CIDR notation, or has bits set behind its prefix.
    static std::optional<Network> parse(std::string_view text);
    bool contains(const Address& address) const;

    friend bool operator==(const Network&, const Network&) = default;

private:
    Network(Address base, unsigned short prefix) : base_(base), prefix_(prefix) {}
    Address base_;
    unsigned short prefix_;
};

/// Networks, by which a peer is believed or let in. The word "loopback" stands for 127.0.0.0/8 and ::1.
class Networks {
public:
    Networks() = default;
    /// Errors: std::invalid_argument that names the entry and the accepted forms.
    explicit Networks(const std::vector<std::string>& entries);

    bool contains(const Address& address) const;
    bool empty() const { return networks_.empty(); }

    friend bool operator==(const Networks&, const Networks&) = default;

private:
    std::vector<Network> networks_;
};

/// True for "localhost" and for an address of the loopback networks.
bool is_loopback(std::string_view host);

}  // namespace samovar::net
