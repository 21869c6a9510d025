#include "broker/store_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace samovar::broker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(StoreCheck, a_server_that_keeps_everything_has_no_problem) {
    EXPECT_THAT(store_problems({.info = "# Server\r\nredis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\n"
                                        "aof_enabled:1\r\n",
                                .save = ""}),
                IsEmpty());
}

TEST(StoreCheck, a_server_before_seven_is_named_with_its_version) {
    EXPECT_THAT(store_problems({.info = "redis_version:6.2.14\r\n", .save = {}}),
                ElementsAre(HasSubstr("6.2.14")));
}

TEST(StoreCheck, a_later_server_is_fine) {
    EXPECT_THAT(store_problems({.info = "redis_version:10.0.1\r\n", .save = {}}), IsEmpty());
}

TEST(StoreCheck, an_evicting_policy_is_named) {
    EXPECT_THAT(store_problems({.info = "maxmemory_policy:volatile-lru\r\n", .save = {}}),
                ElementsAre(HasSubstr("volatile-lru")));
}

TEST(StoreCheck, without_snapshots_and_append_only_file_nothing_persists) {
    EXPECT_THAT(store_problems({.info = "aof_enabled:0\r\n", .save = ""}), ElementsAre(HasSubstr("appendonly")));
}

TEST(StoreCheck, snapshots_alone_persist) {
    EXPECT_THAT(store_problems({.info = "aof_enabled:0\r\n", .save = "3600 1"}), IsEmpty());
}

TEST(StoreCheck, what_the_user_may_not_ask_is_not_judged) {
    EXPECT_THAT(store_problems({.info = "aof_enabled:0\r\n", .save = std::nullopt}), IsEmpty());
    EXPECT_THAT(store_problems({.info = "", .save = std::nullopt}), IsEmpty());
}

TEST(StoreCheck, a_field_is_its_whole_name) {
    EXPECT_THAT(store_problems(
                    {.info = "xmaxmemory_policy:allkeys-lru\r\nmaxmemory_policy_old:allkeys-lru\r\n", .save = {}}),
                IsEmpty());
}

}  // namespace
}  // namespace samovar::broker
