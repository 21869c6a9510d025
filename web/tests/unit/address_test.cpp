#include <stdexcept>

#include <gtest/gtest.h>

#include <web/address.hpp>

namespace {

using web::IpAddress;
using web::IpNetworks;

IpAddress address(std::string_view text) { return IpAddress::parse(text).value(); }

TEST(IpAddress, reads_both_families_and_writes_them_back) {
    EXPECT_EQ(address("192.0.2.1").str(), "192.0.2.1");
    EXPECT_EQ(address("2001:DB8::1").str(), "2001:db8::1");
    EXPECT_TRUE(address("192.0.2.1").is_v4());
    EXPECT_FALSE(address("::1").is_v4());
}

TEST(IpAddress, takes_a_mapped_address_for_what_it_maps) {
    EXPECT_EQ(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    EXPECT_TRUE(address("::ffff:127.0.0.1").is_loopback());
}

TEST(IpAddress, refuses_anything_else) {
    for (const char* text :
         {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "[::1]", "1.2.3.4:80", "fe80::1%eth0", "localhost",
          " 1.2.3.4", "1.2.3.4 ", "::1::", "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc"})
        EXPECT_FALSE(IpAddress::parse(text)) << text;
}

TEST(IpAddress, knows_loopback) {
    EXPECT_TRUE(address("127.8.9.1").is_loopback());
    EXPECT_TRUE(address("::1").is_loopback());
    EXPECT_FALSE(address("128.0.0.1").is_loopback());
    EXPECT_FALSE(address("::2").is_loopback());
}

TEST(IpAddress, groups_ipv6_clients_by_64_and_ipv4_by_address) {
    EXPECT_EQ(address("2001:db8:1:2:3:4:5:6").client_group(), "2001:db8:1:2::/64");
    EXPECT_EQ(address("2001:db8:1:2::").client_group(), "2001:db8:1:2::/64");
    EXPECT_EQ(address("192.0.2.7").client_group(), "192.0.2.7");
    EXPECT_EQ(address("::ffff:192.0.2.7").client_group(), "192.0.2.7");
}

TEST(IpNetworks, match_addresses_and_prefixes_of_both_families) {
    const IpNetworks networks{{"10.0.0.0/8", "192.0.2.128/25", "203.0.113.9", "2001:db8::/33"}};
    EXPECT_TRUE(networks.contains(address("10.255.0.1")));
    EXPECT_FALSE(networks.contains(address("11.0.0.1")));
    EXPECT_TRUE(networks.contains(address("192.0.2.200")));
    EXPECT_FALSE(networks.contains(address("192.0.2.127")));
    EXPECT_TRUE(networks.contains(address("203.0.113.9")));
    EXPECT_FALSE(networks.contains(address("203.0.113.8")));
    EXPECT_TRUE(networks.contains(address("2001:db8:7fff::1")));
    EXPECT_FALSE(networks.contains(address("2001:db8:8000::1")));
    EXPECT_FALSE(networks.contains(address("::a00:1")));
}

TEST(IpNetworks, everything_is_a_network_too) {
    EXPECT_TRUE(IpNetworks{{"0.0.0.0/0"}}.contains(address("8.8.8.8")));
    EXPECT_FALSE(IpNetworks{{"0.0.0.0/0"}}.contains(address("2001:db8::1")));
}

TEST(IpNetworks, know_the_word_loopback) {
    const IpNetworks networks{{"loopback"}};
    EXPECT_TRUE(networks.contains(address("127.0.0.1")));
    EXPECT_TRUE(networks.contains(address("::1")));
    EXPECT_FALSE(networks.contains(address("10.0.0.1")));
}

TEST(IpNetworks, name_the_entry_they_cannot_read) {
    for (const char* entry : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "proxy", "::/129", ""}) {
        try {
            const IpNetworks networks{{entry}};
            FAIL() << entry;
        } catch (const std::invalid_argument& error) {
            EXPECT_NE(std::string_view{error.what()}.find(std::string{"\""} + entry + "\""),
                      std::string_view::npos);
        }
    }
}

struct ClientCase {
    const char* situation;
    const char* peer;
    std::vector<std::string_view> forwarded;
    const char* client;
};

TEST(ClientAddress, is_the_rightmost_untrusted_hop) {
    const IpNetworks trusted{{"10.0.0.0/8", "fd00::/8"}};
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
        EXPECT_EQ(web::client_address(address(each.peer), each.forwarded, trusted).str(), each.client)
            << each.situation;
}

}  // namespace
