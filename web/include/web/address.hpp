// Client addresses: parsing, networks, and who the client is when proxies stand in between.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace web {

/// An IPv4 or IPv6 address. An IPv4 address written as IPv6 (::ffff:1.2.3.4) is the IPv4 address.
class IpAddress {
public:
    /// 0.0.0.0.
    IpAddress() = default;
    /// Dotted or colon notation, without port, brackets or zone. Nothing when the text is not an address.
    static std::optional<IpAddress> parse(std::string_view text);
    static IpAddress v4(std::array<std::uint8_t, 4> bytes);
    static IpAddress v6(std::array<std::uint8_t, 16> bytes);

    bool is_v4() const { return v4_; }
    bool is_loopback() const;
    std::string str() const;
    /// The key to count a client by: the address itself, or an IPv6 client's /64 ("2001:db8:1:2::/64"),
    /// since one customer owns a whole /64.
    std::string client_group() const;

    friend bool operator==(const IpAddress&, const IpAddress&) = default;

private:
    friend class IpNetwork;
    std::array<std::uint8_t, 16> bytes_{};
    bool v4_ = true;
};

/// An address with a prefix length, "10.0.0.0/8"; a bare address is a network of one.
class IpNetwork {
public:
    /// Nothing when the text is neither an address nor CIDR notation.
    static std::optional<IpNetwork> parse(std::string_view text);
    bool contains(const IpAddress& address) const;

private:
    IpNetwork(IpAddress base, unsigned prefix) : base_(base), prefix_(prefix) {}
    IpAddress base_;
    unsigned prefix_;
};

/// Networks, by which a peer is believed or let in. The word "loopback" stands for 127.0.0.0/8 and ::1.
class IpNetworks {
public:
    IpNetworks() = default;
    /// Errors: std::invalid_argument that names the entry and the accepted forms.
    explicit IpNetworks(const std::vector<std::string>& entries);

    bool contains(const IpAddress& address) const;
    bool empty() const { return networks_.empty(); }

private:
    std::vector<IpNetwork> networks_;
};

/// The address of the client: the peer's, or, when the peer is trusted, the rightmost untrusted entry of
/// X-Forwarded-For (its fields, in order). An entry that is no address ends the walk at the last hop that was
/// one; when every entry is trusted the leftmost is the client. The header of an untrusted peer means nothing.
IpAddress client_address(const IpAddress& peer, const std::vector<std::string_view>& forwarded_for,
                         const IpNetworks& trusted);

}  // namespace web
