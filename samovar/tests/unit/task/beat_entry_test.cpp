// Entries that contradict themselves are refused where they are made.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <samovar/app.hpp>

#include "task/app_impl.hpp"

namespace samovar {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class BeatEntries : public ::testing::Test {
protected:
    std::string error_of(const std::string& name, Signature call, BeatOptions options = {}) {
        try {
            app.beat(name, every(5s), std::move(call), options);
            return "accepted";
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
    }

    App app{"shop", {.broker_url = "memory://"}};
};

TEST_F(BeatEntries, are_kept_by_name) {
    EXPECT_EQ(error_of("b", {.task = "t"}), "accepted");
    EXPECT_EQ(error_of("a", {.task = "t", .options = {.countdown = 5s}}), "accepted");
    EXPECT_EQ(app.impl().beat_entries().size(), 2U);
    EXPECT_THAT(error_of("a", {.task = "t"}), HasSubstr("there is a beat entry named a already"));
}

TEST_F(BeatEntries, options_of_one_message_are_refused_by_name) {
    EXPECT_THAT(error_of("", {.task = "t"}), HasSubstr("name"));
    EXPECT_THAT(error_of("a", {.task = ""}), HasSubstr("beat entry a: task"));
    EXPECT_THAT(error_of("a", {.task = "t", .options = {.id = "i"}}), HasSubstr("id and once"));
    EXPECT_THAT(error_of("a", {.task = "t", .options = {.eta = WallTime{}}}), HasSubstr("eta"));
    EXPECT_THAT(error_of("a", {.task = "t", .options = {.expires = WallTime{}}}),
                HasSubstr("BeatOptions::expires"));
    EXPECT_THAT(error_of("a", {.task = "t", .options = {.countdown = -1s}}), HasSubstr("countdown"));
    EXPECT_THAT(error_of("a", {.task = "t", .options = {.priority = 10}}), HasSubstr("priority"));
    EXPECT_THAT(error_of("a", {.task = "t"}, {.expires = -1s}), HasSubstr("expires"));
    EXPECT_THAT(error_of("a", {.task = "t"}, {.catch_up = -1s}), HasSubstr("catch_up"));
}

}  // namespace
}  // namespace samovar
