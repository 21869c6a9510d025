#include "control/recipients.hpp"

#include <gtest/gtest.h>

namespace samovar::control {
namespace {

struct Glob {
    const char* pattern;
    const char* text;
    bool matches;
};

class GlobCases : public ::testing::TestWithParam<Glob> {};

// Each as Python's fnmatch.fnmatchcase says.
TEST_P(GlobCases, match_as_pythons_fnmatch) {
    const auto& [pattern, text, expected] = GetParam();
    EXPECT_EQ(glob_matches(pattern, text), expected) << pattern << " on " << text;
}

INSTANTIATE_TEST_SUITE_P(
    Recipients, GlobCases,
    ::testing::Values(Glob{"w1@host", "w1@host", true}, Glob{"w1@host", "w1@hosts", false}, Glob{"", "", true},
                      Glob{"", "a", false}, Glob{"*", "", true}, Glob{"*", "anything@all", true},
                      Glob{"w*@*", "w1@wirehost", true}, Glob{"w*@*", "x1@wirehost", false},
                      Glob{"*@*.eu", "a@b.c.eu", true}, Glob{"*@*.eu", "a@b.c.eu.de", false},
                      Glob{"*a*a*a*b", "aaaaaaaaaaaaaaaa", false}, Glob{"w?@host", "w1@host", true},
                      Glob{"w?@host", "w@host", false}, Glob{"w[12]", "w2", true}, Glob{"w[12]", "w3", false},
                      Glob{"w[!12]", "w3", true}, Glob{"w[!12]", "w1", false}, Glob{"w[0-9]", "w7", true},
                      Glob{"w[a-c-]", "w-", true}, Glob{"w[]]", "w]", true}, Glob{"w[!]]", "w]", false},
                      Glob{"w[", "w[", true}, Glob{"w[1", "w[1", true}, Glob{"w[^1]", "w^", true},
                      Glob{"w[^1]", "w2", false}, Glob{"a\\*", "a\\b", true}, Glob{"*[0-9]@x", "w1@w2@x", true}));

message::ControlRequest asked(std::vector<std::string> destination, std::optional<std::string> pattern,
                              std::optional<std::string> matcher) {
    message::ControlRequest request;
    request.method = "ping";
    request.destination = std::move(destination);
    request.pattern = std::move(pattern);
    request.matcher = std::move(matcher);
    return request;
}

TEST(Recipients, without_destination_and_pattern_everybody_is_meant) {
    EXPECT_TRUE(concerns(asked({}, {}, {}), "w1@host"));
    EXPECT_TRUE(concerns(asked({}, "zzz*", {}), "w1@host")) << "kombu ignores a pattern without a matcher";
    EXPECT_TRUE(concerns(asked({}, "", "glob"), "w1@host"));
}

TEST(Recipients, a_destination_is_compared_exactly_and_stronger_than_a_pattern) {
    EXPECT_TRUE(concerns(asked({"w2@host", "w1@host"}, {}, {}), "w1@host"));
    EXPECT_FALSE(concerns(asked({"w1"}, {}, {}), "w1@host"));
    EXPECT_TRUE(concerns(asked({"w1@host"}, "zzz*", "glob"), "w1@host"));
    EXPECT_FALSE(concerns(asked({"w2@host"}, "w1*", "glob"), "w1@host"));
}

TEST(Recipients, an_expression_matches_from_the_beginning) {
    EXPECT_TRUE(concerns(asked({}, R"(w\d+@)", "pcre"), "w12@host"));
    EXPECT_FALSE(concerns(asked({}, "host", "pcre"), "w12@host"));
    EXPECT_TRUE(concerns(asked({}, "(?:w|x)[0-9]+@(?!other)", "pcre"), "x1@host"));
    EXPECT_FALSE(concerns(asked({}, "(?:w|x)[0-9]+@(?!other)", "pcre"), "x1@other"));
}

TEST(Recipients, what_cannot_be_read_is_refused_by_name) {
    EXPECT_THROW(concerns(asked({}, "(", "pcre"), "w1@host"), BadPattern);
    EXPECT_THROW(concerns(asked({}, "w*", "soundex"), "w1@host"), BadPattern);
    EXPECT_THROW(concerns(asked({}, std::string(1025, '*'), "glob"), "w1@host"), BadPattern);
}

TEST(Recipients, an_expression_that_backtracks_without_end_is_given_up) {
    const std::string node = std::string(60, 'a') + "@host";
    EXPECT_THROW(concerns(asked({}, "(a+)+$", "pcre"), node), BadPattern);
}

}  // namespace
}  // namespace samovar::control
