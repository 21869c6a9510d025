// Entries as they are kept in Redis.
#include "beat/entry_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <samovar/error.hpp>

namespace samovar::beat {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

std::string error_of(const std::string& definition) {
    try {
        read_entry("tidy-up", definition);
        return "accepted";
    } catch (const ConfigurationError& error) {
        return error.what();
    }
}

TEST(EntryDocument, reads_back_what_was_written) {
    task::BeatEntry entry{
        .name = "tidy-up",
        .schedule = crontab("0 4 * * mon", "Europe/Moscow"),
        .call = {.task = "shop.tidy",
                 .args = {1, "чай"},
                 .kwargs = {{"deep", true}},
                 .options = {.queue = "slow", .countdown = 1500ms, .priority = 6, .headers = {{"x", 1}}}},
        .options = {.expires = 90s, .catch_up = 0ms}};
    const auto text = write_entry(entry);
    EXPECT_EQ(
        text,
        R"({"task":"shop.tidy","schedule":"crontab 0 4 * * mon Europe/Moscow","args":[1,"чай"],)"
        R"("kwargs":{"deep":true},"queue":"slow","priority":6,"countdown":1.5,"expires":90.0,"catch_up":0.0,)"
        R"("headers":{"x":1}})");
    const auto read = read_entry("tidy-up", text);
    EXPECT_EQ(write_entry(read), text);
    EXPECT_EQ(read.call.options.countdown, 1500ms);
    EXPECT_EQ(read.options.expires, 90s);
    EXPECT_EQ(read.options.catch_up, 0ms);
}

TEST(EntryDocument, what_is_not_said_has_its_default) {
    const auto entry = read_entry("tidy-up", R"({"task": "shop.tidy", "schedule": "every 5s"})");
    EXPECT_EQ(entry.options.catch_up, std::chrono::milliseconds::max());
    EXPECT_EQ(entry.options.expires, 0ms);
    EXPECT_EQ(write_entry(entry), R"({"task":"shop.tidy","schedule":"every 5s"})");
}

struct BadDefinition {
    const char* definition;
    const char* named;
};

class BadDefinitions : public ::testing::TestWithParam<BadDefinition> {};
INSTANTIATE_TEST_SUITE_P(
    Text, BadDefinitions,
    ::testing::Values(BadDefinition{"", "not JSON"}, BadDefinition{"[]", "dictionary"},
                      BadDefinition{R"({"schedule": "every 5s"})", "task"},
                      BadDefinition{R"({"task": "t"})", "schedule"},
                      BadDefinition{R"({"task": "", "schedule": "every 5s"})", "task"},
                      BadDefinition{R"({"task": "t", "schedule": "every 5"})", "every: '5'"},
                      BadDefinition{R"({"task": "t", "schedule": "crontab 61 * * * *"})", "minute: '61'"},
                      BadDefinition{R"({"task": "t", "schedule": 5})", "schedule"},
                      BadDefinition{R"({"task": "t", "schedule": "every 5s", "priority": 10})", "priority"},
                      BadDefinition{R"({"task": "t", "schedule": "every 5s", "expires": -1})", "expires"},
                      BadDefinition{R"({"task": "t", "schedule": "every 5s", "countdown": 1e300})", "countdown"},
                      BadDefinition{R"({"task": "t", "schedule": "every 5s", "catch_up": NaN})", "catch_up"},
                      BadDefinition{R"({"task": "t", "schedule": "every 5s", "arg": []})", "arg"}));

TEST_P(BadDefinitions, are_refused_by_name) {
    EXPECT_THAT(error_of(GetParam().definition), HasSubstr(GetParam().named));
}

}  // namespace
}  // namespace samovar::beat
