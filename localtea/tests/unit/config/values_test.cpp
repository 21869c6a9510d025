#include "config/values.hpp"

#include <optional>

#include <gmock/gmock.h>

namespace localtea::config {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

std::optional<bool> boolean(std::string_view text) {
    bool value = false;
    return read(text, value) ? std::optional{value} : std::nullopt;
}

std::optional<std::string> http_url(std::string_view text, bool path = true) {
    std::string value;
    return read_http_url(text, path, value) ? std::optional{value} : std::nullopt;
}

std::optional<std::vector<std::string>> origins(std::string_view text) {
    std::vector<std::string> value;
    return read_origins(text, value) ? std::optional{value} : std::nullopt;
}

bool is_rate_limit(std::string_view text) {
    std::vector<samovar::limits::Limit> value;
    return read(text, value);
}

bool is_redis_url(std::string_view text) {
    Secret value;
    return read_redis_url(text, value);
}

bool is_mailbox(std::string_view text) {
    std::string value;
    return read_mailbox(text, value);
}

TEST(ValuesTest, booleans_are_pydantic_s) {
    for (std::string_view text : {"1", "on", "t", "true", "y", "yes", "TRUE", "Yes", " on "})
        EXPECT_EQ(boolean(text), true) << text;
    for (std::string_view text : {"0", "off", "f", "false", "n", "no", "False", "OFF"})
        EXPECT_EQ(boolean(text), false) << text;
    for (std::string_view text : {"2", "enabled", "truee", "-", "да"})
        EXPECT_EQ(boolean(text), std::nullopt) << text;
}

TEST(ValuesTest, integers_have_bounds_that_belong_to_them) {
    EXPECT_EQ(read_integer("1", 1, 10), 1);
    EXPECT_EQ(read_integer(" 10 ", 1, 10), 10);
    for (std::string_view text : {"0", "11", "", "1.0", "0x1", "1e1", "+5", "5 5", "99999999999999999999"})
        EXPECT_EQ(read_integer(text, 1, 10), std::nullopt) << text;
}

TEST(ValuesTest, lists_are_json_or_commas) {
    EXPECT_THAT(read_list(R"(["a", "b,c"])"), Optional(ElementsAre("a", "b,c")));
    EXPECT_THAT(read_list(" a , b ,,c"), Optional(ElementsAre("a", "b", "c")));
    EXPECT_THAT(read_list("[]"), Optional(IsEmpty()));
    EXPECT_EQ(read_list("[\"a\""), std::nullopt);
    EXPECT_EQ(read_list("[1]"), std::nullopt);
}

TEST(ValuesTest, urls_lose_the_slash_at_their_end) {
    EXPECT_EQ(http_url("https://shop.example/"), "https://shop.example");
    EXPECT_EQ(http_url("http://127.0.0.1:8000/api/v1/"), "http://127.0.0.1:8000/api/v1");
    EXPECT_EQ(http_url("http://[::1]:8000"), "http://[::1]:8000");
}

TEST(ValuesTest, urls_are_http_with_a_host_and_nothing_odd) {
    for (std::string_view text :
         {"", "shop.example", "ftp://h", "http://", "http:///x", "http://h:0", "http://h:port", "http://u:p@h",
          "http://h/?q", "http://h/#f", "http://h/a b", "http://h\n.example"})
        EXPECT_EQ(http_url(text), std::nullopt) << text;
}

TEST(ValuesTest, origins_have_no_path_and_a_star_stands_alone) {
    EXPECT_THAT(origins(R"(["http://localhost:3000/", "https://shop.example"])"),
                Optional(ElementsAre("http://localhost:3000", "https://shop.example")));
    EXPECT_THAT(origins("http://a.example,https://b.example:8443"),
                Optional(ElementsAre("http://a.example", "https://b.example:8443")));
    EXPECT_THAT(origins("*"), Optional(ElementsAre("*")));
    EXPECT_EQ(origins("https://a.example, *"), std::nullopt);
    EXPECT_EQ(origins("https://a.example/path"), std::nullopt);
}

TEST(ValuesTest, redis_urls_of_every_kind_are_passed_on) {
    for (std::string_view text :
         {"redis://localhost:6379/0", "rediss://:pw@h:6380/1", "unix:///run/redis.sock?db=2",
          "redis+socket:///run/redis.sock", "sentinel://h1,h2/master", "valkey://h"})
        EXPECT_TRUE(is_redis_url(text)) << text;
    for (std::string_view text : {"", "localhost:6379", "redis:/h", "redis://", "amqp://h", "redis://h\r\nx"})
        EXPECT_FALSE(is_redis_url(text)) << text;
}

TEST(ValuesTest, rate_limits_have_the_grammar_of_limits) {
    for (std::string_view text : {"3/minute", "3/minute;20/hour", "5 per 2 hours", "1/second, 10/minute | 100/day",
                                  "10/2hours", "1 PER Month", "7/years"})
        EXPECT_TRUE(is_rate_limit(text)) << text;
    for (std::string_view text :
         {"fast", "3", "3/", "/minute", "3/fortnight", "3 minute", "-1/hour", "3 per", "3/minute;x", "3/minute;"})
        EXPECT_FALSE(is_rate_limit(text)) << text;
}

TEST(ValuesTest, a_sender_is_one_bare_address) {
    EXPECT_TRUE(is_mailbox("shop@example.ru"));
    EXPECT_TRUE(is_mailbox("shop@localtea.test"));
    for (std::string_view text : {"", "shop", "@example.ru", "shop@", "a@b@c", "Shop <shop@example.ru>", "a@b,c@d",
                                  "shop@example.ru\r\nBcc: x@y.ru"})
        EXPECT_FALSE(is_mailbox(text)) << text;
}

TEST(ValuesTest, text_is_one_line) {
    std::string value;
    EXPECT_TRUE(read("Чайная лавка", value));
    EXPECT_EQ(value, "Чайная лавка");
    EXPECT_FALSE(read("LocalTea\r\nBcc: x@y.ru", value));
}

}  // namespace
}  // namespace localtea::config
