#include "api/origins.hpp"

#include <gtest/gtest.h>

namespace localtea::api {
namespace {

TEST(Origins, are_compared_as_browsers_write_them) {
    EXPECT_EQ(origin_of("https://Shop.example:443/catalog/tea"), "https://shop.example");
    EXPECT_EQ(origin_of("http://127.0.0.1:8000"), "http://127.0.0.1:8000");
    EXPECT_EQ(origin_of("http://shop.example:80"), "http://shop.example");
    EXPECT_EQ(origin_of("http://shop.example:8080"), "http://shop.example:8080");
    EXPECT_EQ(origin_of("https://[::1]:443"), "https://[::1]");
    EXPECT_EQ(origin_of("null"), "null");
}

TEST(Origins, only_those_that_were_named_are_allowed) {
    const Origins origins{{"https://shop.example", "http://api.example:8000/base"}};
    EXPECT_TRUE(origins.allows("https://shop.example"));
    EXPECT_TRUE(origins.allows("http://api.example:8000"));
    for (const auto* other : {"http://shop.example", "https://shop.example:8443", "https://evil.shop.example",
                              "https://shop.example.evil.test", "null", "", "file://"})
        EXPECT_FALSE(origins.allows(other)) << other;
}

TEST(Origins, a_star_stands_for_any) { EXPECT_TRUE(Origins{{"*"}}.allows("https://anything.example")); }

}  // namespace
}  // namespace localtea::api
