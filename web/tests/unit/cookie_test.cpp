#include <stdexcept>

#include <gtest/gtest.h>

#include <web/cookie.hpp>

namespace {

using namespace std::chrono_literals;
using web::Headers;
using web::SetCookie;

TEST(SetCookie, is_safe_by_default) {
    EXPECT_EQ((SetCookie{.name = "a", .value = "b"}.header()), "a=b; Path=/; SameSite=Lax; HttpOnly; Secure");
}

TEST(SetCookie, writes_what_it_is_told) {
    const SetCookie cookie{.name = "csrf_token",
                           .value = "v",
                           .path = "/api",
                           .max_age = 1h,
                           .http_only = false,
                           .secure = false,
                           .same_site = web::SameSite::strict};
    EXPECT_EQ(cookie.header(), "csrf_token=v; Path=/api; Max-Age=3600; SameSite=Strict");
}

TEST(SetCookie, refuses_text_that_would_add_attributes) {
    for (const char* value : {"a; Domain=evil", "a b", "a\r\nX: y", "\"", "a,b", "a\\b", "\xd1\x87"}) {
        EXPECT_THROW((SetCookie{.name = "a", .value = value}.header()), std::invalid_argument) << value;
        EXPECT_THROW((SetCookie{.name = "a", .value = "b", .path = value}.header()), std::invalid_argument)
            << value;
    }
    EXPECT_THROW((SetCookie{.name = "a=b", .value = "c"}.header()), std::invalid_argument);
    EXPECT_THROW((SetCookie{.name = "", .value = "c"}.header()), std::invalid_argument);
}

TEST(SetCookie, deleting_expires_the_cookie_now) {
    Headers headers;
    web::delete_cookie(headers, "refresh_token", "/api");
    EXPECT_EQ(headers.find("Set-Cookie"), "refresh_token=; Path=/api; Max-Age=0; SameSite=Lax; HttpOnly");
}

TEST(ReadCookie, finds_a_cookie_among_others) {
    const Headers headers{{"Cookie", "a=1; refresh_token=abc.def=; b=\"quoted\""}};
    EXPECT_EQ(web::read_cookie(headers, "a"), "1");
    EXPECT_EQ(web::read_cookie(headers, "refresh_token"), "abc.def=");
    EXPECT_EQ(web::read_cookie(headers, "b"), "quoted");
    EXPECT_FALSE(web::read_cookie(headers, "token"));
    EXPECT_FALSE(web::read_cookie(headers, "A"));
}

TEST(ReadCookie, looks_into_every_cookie_field_and_takes_the_first) {
    const Headers headers{{"Cookie", "a=1"}, {"Cookie", "b=2; a=3"}};
    EXPECT_EQ(web::read_cookie(headers, "a"), "1");
    EXPECT_EQ(web::read_cookie(headers, "b"), "2");
}

TEST(ReadCookie, survives_malformed_fields) {
    for (const char* field : {"", ";", "=", "a", ";;a", "a;b;c", "   ;  =x"})
        EXPECT_FALSE(web::read_cookie(Headers{{"Cookie", field}}, "a")) << field;
}

}  // namespace
