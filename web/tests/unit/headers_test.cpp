#include <stdexcept>

#include <gtest/gtest.h>

#include <web/headers.hpp>

namespace {

using web::Headers;

TEST(Headers, finds_a_field_whatever_the_case_of_its_name) {
    const Headers headers{{"Content-Type", "text/plain"}};
    EXPECT_EQ(headers.find("content-type"), "text/plain");
    EXPECT_EQ(headers.find("CONTENT-TYPE"), "text/plain");
    EXPECT_FALSE(headers.find("Content-Typ"));
}

TEST(Headers, keeps_repeated_fields_in_order) {
    Headers headers;
    headers.add("Set-Cookie", "a=1");
    headers.add("X", "y");
    headers.add("set-cookie", "b=2");
    EXPECT_EQ(headers.all("Set-Cookie"), (std::vector<std::string_view>{"a=1", "b=2"}));
    EXPECT_EQ(headers.size(), 3U);
}

TEST(Headers, set_replaces_every_field_of_the_name) {
    Headers headers{{"A", "1"}, {"B", "2"}, {"a", "3"}};
    headers.set("A", "4");
    EXPECT_EQ(headers.all("A"), (std::vector<std::string_view>{"4"}));
    EXPECT_EQ(headers.find("B"), "2");
}

TEST(Headers, set_accepts_a_view_into_the_same_headers) {
    Headers headers{{"A", "a rather long value that lives in the headers' own memory"}};
    headers.set("A", *headers.find("A"));
    EXPECT_EQ(headers.find("A"), "a rather long value that lives in the headers' own memory");
}

TEST(Headers, erase_tells_whether_there_was_one) {
    Headers headers{{"A", "1"}, {"a", "2"}};
    EXPECT_TRUE(headers.erase("A"));
    EXPECT_FALSE(headers.erase("A"));
    EXPECT_TRUE(headers.empty());
}

TEST(Headers, append_and_clear_work_on_all_fields) {
    Headers headers{{"A", "1"}};
    headers.append({{"B", "2"}, {"C", "3"}});
    EXPECT_EQ(headers.size(), 3U);
    EXPECT_EQ(headers[2].name, "C");
    headers.clear();
    EXPECT_TRUE(headers.empty());
}

TEST(Headers, refuse_values_that_would_start_another_header) {
    Headers headers;
    for (const char* value : {"a\r\nSet-Cookie: x=1", "a\nb", "a\rb", "\x01", "\x7f"})
        EXPECT_THROW(headers.add("X", value), std::invalid_argument) << value;
    EXPECT_THROW(headers.add("X", std::string_view("a\0b", 3)), std::invalid_argument);
    EXPECT_THROW(headers.set("X", "a\nb"), std::invalid_argument);
    EXPECT_TRUE(headers.empty());
}

TEST(Headers, refuse_names_that_are_no_tokens) {
    Headers headers;
    for (const char* name : {"", "a b", "a:", "a\r\n", "\xd0\xb0", "a\""})
        EXPECT_THROW(headers.add(name, "x"), std::invalid_argument) << name;
}

TEST(Headers, allow_tabs_and_bytes_beyond_ascii_in_values) {
    Headers headers;
    headers.add("X", "a\tb \xd1\x87");
    EXPECT_EQ(headers.find("X"), "a\tb \xd1\x87");
}

}  // namespace
