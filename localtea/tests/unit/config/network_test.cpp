#include "config/network.hpp"

#include <gtest/gtest.h>

namespace localtea::config {
namespace {

Networks networks(std::initializer_list<std::string_view> texts) {
    Networks all;
    for (std::string_view text : texts)
        if (!append_network(text, all)) throw std::invalid_argument(std::string{text});
    return all;
}

TEST(NetworkTest, contains_what_begins_with_its_bits) {
    const Networks lan = networks({"10.1.0.0/16", "2001:db8::/33"});
    EXPECT_TRUE(contains(lan, "10.1.255.255"));
    EXPECT_FALSE(contains(lan, "10.2.0.0"));
    EXPECT_TRUE(contains(lan, "2001:db8:7fff::1"));
    EXPECT_FALSE(contains(lan, "2001:db8:8000::1"));
}

TEST(NetworkTest, an_address_is_a_network_of_one) {
    const Networks one = networks({"192.0.2.7", "::2"});
    EXPECT_TRUE(contains(one, "192.0.2.7"));
    EXPECT_FALSE(contains(one, "192.0.2.6"));
    EXPECT_TRUE(contains(one, "::2"));
}

TEST(NetworkTest, an_ipv4_address_seen_through_ipv6_is_the_same) {
    EXPECT_TRUE(contains(networks({"192.0.2.0/24"}), "::ffff:192.0.2.7"));
    EXPECT_TRUE(contains(networks({"::ffff:192.0.2.7"}), "192.0.2.7"));
}

TEST(NetworkTest, all_of_one_family_is_not_all_of_the_other) {
    EXPECT_TRUE(contains(networks({"0.0.0.0/0"}), "203.0.113.9"));
    EXPECT_FALSE(contains(networks({"0.0.0.0/0"}), "2001:db8::1"));
}

TEST(NetworkTest, loopback_is_both_families) {
    const Networks local = networks({"loopback"});
    EXPECT_TRUE(contains(local, "127.8.0.1"));
    EXPECT_TRUE(contains(local, "::1"));
    EXPECT_FALSE(contains(local, "128.0.0.1"));
    EXPECT_TRUE(is_loopback("localhost"));
    EXPECT_FALSE(is_loopback("0.0.0.0"));
    EXPECT_FALSE(is_loopback("::"));
    EXPECT_FALSE(is_loopback("shop.example"));
}

TEST(NetworkTest, what_is_no_address_is_in_no_network) {
    EXPECT_FALSE(contains(networks({"0.0.0.0/0", "::/0"}), "unknown"));
    EXPECT_FALSE(contains(networks({"0.0.0.0/0", "::/0"}), ""));
}

TEST(NetworkTest, anything_else_is_refused) {
    Networks none;
    for (std::string_view text : {"", "host", "1.2.3", "1.2.3.4.5", "256.0.0.1", "10.0.0.1/8", "10.0.0.0/33",
                                  "::/129", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/-1", "1.2.3.4 ", "fe80::1%eth0"})
        EXPECT_FALSE(append_network(text, none)) << text;
    EXPECT_TRUE(none.empty());
}

}  // namespace
}  // namespace localtea::config
