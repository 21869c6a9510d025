#include "base/network.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

namespace samovar::net {
namespace {

namespace ip = boost::asio::ip;

// Longer than any address or network in text; the system's parser is not asked about more.
constexpr std::size_t longest_text = 64;

ip::address_v4 first_four(const std::array<std::uint8_t, 16>& bytes) {
    return ip::address_v4{{bytes[0], bytes[1], bytes[2], bytes[3]}};
}

bool is_plain(std::string_view text) {
    return text.size() <= longest_text && text.find_first_of(std::string_view{"%\0", 2}) == std::string_view::npos;
}

/// The prefix length behind the slash, in a network of that family whose other bits are zero.
template <class Net>
std::optional<unsigned short> prefix_of(const Net& network) {
    if (network.canonical() != network) return std::nullopt;
    return network.prefix_length();
}

}  // namespace

Address Address::v4(std::array<std::uint8_t, 4> bytes) {
    Address address;
    std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
    return address;
}

Address Address::v6(std::array<std::uint8_t, 16> bytes) {
    const ip::address_v6 whole{bytes};
    if (whole.is_v4_mapped()) return v4(ip::make_address_v4(ip::v4_mapped, whole).to_bytes());
    Address address;
    address.bytes_ = bytes;
    address.v4_ = false;
    return address;
}

std::optional<Address> Address::parse(std::string_view text) {
    if (!is_plain(text)) return std::nullopt;
    boost::system::error_code error;
    const auto address = ip::make_address(std::string{text}, error);
    if (error) return std::nullopt;
    return address.is_v4() ? v4(address.to_v4().to_bytes()) : v6(address.to_v6().to_bytes());
}

bool Address::is_loopback() const {
    return v4_ ? first_four(bytes_).is_loopback() : ip::address_v6{bytes_}.is_loopback();
}

std::string Address::str() const {
    return v4_ ? first_four(bytes_).to_string() : ip::address_v6{bytes_}.to_string();
}

std::string Address::client_group() const {
    return v4_ ? str() : ip::network_v6{ip::address_v6{bytes_}, 64}.canonical().to_string();
}

std::optional<Network> Network::parse(std::string_view text) {
    const auto base = Address::parse(text.substr(0, text.find('/')));
    if (!base) return std::nullopt;
    if (text.find('/') == std::string_view::npos)
        return Network{*base, static_cast<unsigned short>(base->v4_ ? 32 : 128)};
    const auto whole = base->str() + std::string{text.substr(text.find('/'))};
    boost::system::error_code error;
    std::optional<unsigned short> prefix;
    if (base->v4_) {
        if (const auto network = ip::make_network_v4(whole, error); !error) prefix = prefix_of(network);
    } else {
        if (const auto network = ip::make_network_v6(whole, error); !error) prefix = prefix_of(network);
    }
    if (!prefix) return std::nullopt;
    return Network{*base, *prefix};
}

bool Network::contains(const Address& address) const {
    if (address.v4_ != base_.v4_) return false;
    if (base_.v4_)
        return ip::network_v4{first_four(address.bytes_), prefix_}.network() == first_four(base_.bytes_);
    return ip::network_v6{ip::address_v6{address.bytes_}, prefix_}.network() == ip::address_v6{base_.bytes_};
}

Networks::Networks(const std::vector<std::string>& entries) {
    for (const std::string& entry : entries) {
        if (entry == "loopback") {
            networks_.push_back(*Network::parse("127.0.0.0/8"));
            networks_.push_back(*Network::parse("::1"));
            continue;
        }
        const auto network = Network::parse(entry);
        if (!network)
            throw std::invalid_argument(fmt::format(
                "\"{}\" is no network: expected an address, CIDR notation (10.0.0.0/8, 2001:db8::/32) or loopback",
                entry));
        networks_.push_back(*network);
    }
}

bool Networks::contains(const Address& address) const {
    return std::any_of(networks_.begin(), networks_.end(),
                       [&](const Network& network) { return network.contains(address); });
}

bool is_loopback(std::string_view host) {
    if (host == "localhost") return true;
    const auto address = Address::parse(host);
    return address && address->is_loopback();
}

}  // namespace samovar::net
