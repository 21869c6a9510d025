#include "commands/up_variables.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace localtea::commands {
namespace {

using config::Variables;

TEST(GivenVariables, come_from_the_environment_and_then_from_the_file_and_never_empty) {
    const samovar::testing::TemporaryFolder folder;
    const auto dotenv = folder.path() / ".env";
    std::ofstream{dotenv} << "REDIS_URL=redis://file\nDEBUG=false\nBASE_URL=\n";
    const auto given = given_variables({{"DEBUG", "true"}, {"REDIS_URL", ""}}, dotenv);
    EXPECT_EQ(given, (Variables{{"DEBUG", "true"}, {"REDIS_URL", "redis://file"}}));
}

TEST(GivenVariables, without_a_file_are_the_environment) {
    EXPECT_EQ(given_variables({{"A", "1"}}, "/nonexistent/.env"), (Variables{{"A", "1"}}));
}

TEST(LocalDefaults, name_our_address_and_a_database_in_the_folder) {
    const auto defaults = local_defaults({}, "http://127.0.0.1:8001", "/srv/tea");
    EXPECT_EQ(defaults, (Variables{{"API_BASE_URL", "http://127.0.0.1:8001"},
                                   {"BASE_URL", "http://127.0.0.1:8001"},
                                   {"DATABASE_URL", "sqlite:////srv/tea/shop.db"},
                                   {"DEBUG", "true"},
                                   {"MAIL_BACKEND", "file"}}));
}

TEST(LocalDefaults, leave_the_mail_to_an_smtp_server_that_is_set) {
    EXPECT_FALSE(local_defaults({{"SMTP_SERVER", "mail.example"}}, "http://127.0.0.1:8001", "/srv/tea")
                     .contains("MAIL_BACKEND"));
}

TEST(ChildEnvironment, supplies_only_what_nobody_gave) {
    const Variables environment{{"PATH", "/bin"}, {"REDIS_URL", ""}, {"BASE_URL", "https://tea.example"}};
    const Variables given{{"PATH", "/bin"}, {"BASE_URL", "https://tea.example"}, {"DEBUG", "false"}};
    const Variables supplied{{"REDIS_URL", "unix:///s"}, {"BASE_URL", "http://127.0.0.1:1"}, {"DEBUG", "true"}};
    EXPECT_EQ(child_environment(environment, given, supplied),
              (Variables{{"BASE_URL", "https://tea.example"}, {"PATH", "/bin"}, {"REDIS_URL", "unix:///s"}}));
}

TEST(RedisUrlForTheTerminal, has_no_user_password_or_parameters) {
    EXPECT_EQ(without_secrets("rediss://tea:p@ss@redis.example:6380/1?password=x"),
              "rediss://redis.example:6380/1");
    EXPECT_EQ(without_secrets("unix://:pass@/run/redis.sock?db=1"), "unix:///run/redis.sock");
    EXPECT_EQ(without_secrets("sentinel://h1,h2/master"), "sentinel://h1,h2/master");
}

}  // namespace
}  // namespace localtea::commands
