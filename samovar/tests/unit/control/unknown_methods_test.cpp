#include "control/unknown_methods.hpp"

#include <gmock/gmock.h>

namespace samovar::control {
namespace {

using ::testing::EndsWith;
using ::testing::Eq;
using ::testing::Optional;

constexpr SteadyTime start{std::chrono::hours{1'000}};

TEST(UnknownMethods, are_told_once_an_hour) {
    UnknownMethods methods;
    EXPECT_EQ(methods.tell("'revoke'", start), "there is no method 'revoke'");
    EXPECT_EQ(methods.tell("'revoke'", start + std::chrono::minutes{59}), std::nullopt);
    EXPECT_THAT(methods.tell("'rate_limit'", start + std::chrono::minutes{59}),
                Optional(EndsWith("'rate_limit'")));
    EXPECT_THAT(methods.tell("'revoke'", start + std::chrono::hours{1}), Optional(EndsWith("'revoke'")));
}

TEST(UnknownMethods, of_a_flood_some_are_told) {
    UnknownMethods methods;
    std::size_t lines = 0;
    std::string last;
    for (int i = 0; i < 1'000; ++i) {
        if (const auto line = methods.tell(std::to_string(i), start)) {
            ++lines;
            last = *line;
        }
    }
    EXPECT_THAT(lines, Eq(UnknownMethods::most_names));
    EXPECT_THAT(last, EndsWith("no other is named for an hour"));
    EXPECT_THAT(methods.tell("later", start + std::chrono::hours{1}), Optional(EndsWith("later")));
}

}  // namespace
}  // namespace samovar::control
