#include <web/address.hpp>

#include <gtest/gtest.h>

namespace web {
namespace {

using samovar::net::Address;
using samovar::net::Networks;

Address address(std::string_view text) { return Address::parse(text).value(); }

struct ClientCase {
    const char* situation;
    const char* peer;
    std::vector<std::string_view> forwarded;
    const char* client;
};

TEST(ClientAddress, is_the_rightmost_untrusted_hop) {
    const Networks trusted{{"10.0.0.0/8", "fd00::/8"}};
    const ClientCase cases[] = {
        {"no header", "10.0.0.1", {}, "10.0.0.1"},
        {"one proxy", "10.0.0.1", {"192.0.2.1"}, "192.0.2.1"},
        {"two proxies", "10.0.0.1", {"192.0.2.1, 10.0.0.2"}, "192.0.2.1"},
        {"a forged first entry", "10.0.0.1", {"8.8.8.8, 192.0.2.1"}, "192.0.2.1"},
        {"two fields count as one list", "10.0.0.1", {"8.8.8.8", "192.0.2.1, 10.0.0.2"}, "192.0.2.1"},
        {"an untrusted peer's header means nothing", "192.0.2.9", {"8.8.8.8"}, "192.0.2.9"},
        {"garbage ends the walk at the last good hop", "10.0.0.1", {"8.8.8.8, evil, 10.0.0.2"}, "10.0.0.2"},
        {"garbage at the right leaves the peer", "10.0.0.1", {"8.8.8.8, "}, "10.0.0.1"},
        {"everything trusted gives the leftmost", "10.0.0.1", {"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
        {"ports are cut off", "10.0.0.1", {"192.0.2.1:4711"}, "192.0.2.1"},
        {"IPv6 with brackets and port", "10.0.0.1", {"[2001:db8::1]:443"}, "2001:db8::1"},
        {"bare IPv6", "fd00::1", {"2001:db8::1"}, "2001:db8::1"},
        {"an open bracket", "10.0.0.1", {"[2001:db8::1"}, "10.0.0.1"},
    };
    for (const ClientCase& each : cases)
        EXPECT_EQ(client_address(address(each.peer), each.forwarded, trusted).str(), each.client)
            << each.situation;
}

}  // namespace
}  // namespace web
