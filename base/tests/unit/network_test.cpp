#include "base/network.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace samovar::net {
namespace {

Address address(std::string_view text) { return Address::parse(text).value(); }

TEST(Address, reads_both_families_and_writes_them_back) {
    EXPECT_EQ(address("192.0.2.1").str(), "192.0.2.1");
    EXPECT_EQ(address("2001:DB8::1").str(), "2001:db8::1");
    EXPECT_TRUE(address("192.0.2.1").is_v4());
    EXPECT_FALSE(address("::1").is_v4());
}

TEST(Address, takes_a_mapped_address_for_what_it_maps) {
    EXPECT_EQ(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    EXPECT_TRUE(address("::ffff:127.0.0.1").is_loopback());
}

TEST(Address, refuses_anything_else) {
    for (const char* text :
         {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "[::1]", "1.2.3.4:80", "fe80::1%eth0", "localhost",
          " 1.2.3.4", "1.2.3.4 ", "::1::", "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc"})
        EXPECT_FALSE(Address::parse(text)) << text;
}

TEST(Address, knows_loopback) {
    EXPECT_TRUE(address("127.8.9.1").is_loopback());
    EXPECT_TRUE(address("::1").is_loopback());
    EXPECT_FALSE(address("128.0.0.1").is_loopback());
    EXPECT_FALSE(address("::2").is_loopback());
}

TEST(Address, groups_ipv6_clients_by_64_and_ipv4_by_address) {
    EXPECT_EQ(address("2001:db8:1:2:3:4:5:6").client_group(), "2001:db8:1:2::/64");
    EXPECT_EQ(address("2001:db8:1:2::").client_group(), "2001:db8:1:2::/64");
    EXPECT_EQ(address("192.0.2.7").client_group(), "192.0.2.7");
    EXPECT_EQ(address("::ffff:192.0.2.7").client_group(), "192.0.2.7");
}

TEST(Networks, match_addresses_and_prefixes_of_both_families) {
    const Networks networks{{"10.0.0.0/8", "192.0.2.128/25", "203.0.113.9", "2001:db8::/33"}};
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

TEST(Networks, everything_is_a_network_too) {
    EXPECT_TRUE(Networks{{"0.0.0.0/0"}}.contains(address("8.8.8.8")));
    EXPECT_FALSE(Networks{{"0.0.0.0/0"}}.contains(address("2001:db8::1")));
}

TEST(Networks, know_the_word_loopback) {
    const Networks networks{{"loopback"}};
    EXPECT_TRUE(networks.contains(address("127.0.0.1")));
    EXPECT_TRUE(networks.contains(address("::1")));
    EXPECT_FALSE(networks.contains(address("10.0.0.1")));
}

TEST(Networks, name_the_entry_they_cannot_read) {
    for (const char* entry :
         {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "proxy", "::/129", "", "10.0.0.1/8",
          "2001:db8::1/64", "10.0.0.0/8/8", "10.0.0.0/08x", "fe80::%eth0/64", "1.2.3.4 "}) {
        try {
            const Networks networks{{entry}};
            FAIL() << entry;
        } catch (const std::invalid_argument& error) {
            EXPECT_NE(std::string_view{error.what()}.find(std::string{"\""} + entry + "\""),
                      std::string_view::npos);
        }
    }
}

TEST(Networks, take_a_mapped_network_for_what_it_maps) {
    EXPECT_TRUE(Networks{{"::ffff:192.0.2.7"}}.contains(address("192.0.2.7")));
    EXPECT_TRUE(Networks{{"192.0.2.0/24"}}.contains(address("::ffff:192.0.2.7")));
}

TEST(Loopback, is_a_name_or_an_address) {
    EXPECT_TRUE(is_loopback("localhost"));
    EXPECT_TRUE(is_loopback("127.0.0.2"));
    EXPECT_TRUE(is_loopback("::1"));
    for (const char* host : {"0.0.0.0", "::", "shop.example", "", "127.0.0.1:80"})
        EXPECT_FALSE(is_loopback(host)) << host;
}

}  // namespace
}  // namespace samovar::net
