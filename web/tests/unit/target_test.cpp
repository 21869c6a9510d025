#include "target.hpp"

#include <gtest/gtest.h>

namespace {

using web::detail::parse_target;

struct Good {
    const char* target;
    const char* path;
    const char* query;
};

TEST(ParseTarget, splits_and_decodes_what_clients_send) {
    const Good cases[] = {
        {"/", "/", ""},
        {"/a/b", "/a/b", ""},
        {"/a?x=%20&y", "/a", "x=%20&y"},
        {"/a??", "/a", "?"},
        {"/%D1%87%D0%B0%D0%B9", "/\xd1\x87\xd0\xb0\xd0\xb9", ""},
        {"/a+b", "/a+b", ""},
        {"/a%20b", "/a b", ""},
        {"/a/", "/a/", ""},
        {"//a", "//a", ""},
        {"/...", "/...", ""},
        {"/.well-known/x", "/.well-known/x", ""},
        {"/a;v=1", "/a;v=1", ""},
        {"http://host/a?b", "/a", "b"},
        {"http://host", "/", ""},
        {"http://host?q", "/", "q"},
        {"*", "*", ""},
    };
    for (const Good& each : cases) {
        const auto parsed = parse_target(each.target);
        ASSERT_TRUE(parsed) << each.target;
        EXPECT_EQ(parsed->path, each.path) << each.target;
        EXPECT_EQ(parsed->query, each.query) << each.target;
    }
}

TEST(ParseTarget, refuses_targets_that_mean_different_things_to_different_readers) {
    for (const char* target :
         {"",          "a",      "/..",         "/a/../b", "/a/..", "/.",  "/./a",      "/%2e%2e/a", "/a/%2E.",
          "/.%2e",     "/a%2fb", "/a%2F..%2Fb", "/a%5cb",  "/a\\b", "/%",  "/%4",       "/%zz",      "/%00",
          "/a%0d%0ab", "/%7f",   "/%ff",        "/%c0%ae", "/a#b",  "/a%", "ftp://x/a", "host:80"})
        EXPECT_FALSE(parse_target(target)) << target;
}

TEST(ParseTarget, does_not_decode_twice) { EXPECT_EQ(parse_target("/%252e%252e/a")->path, "/%2e%2e/a"); }

}  // namespace
