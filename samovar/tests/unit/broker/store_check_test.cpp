#include "broker/store_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace samovar::broker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(StoreCheck, AServerThatKeepsEverythingHasNoProblem) {
    EXPECT_THAT(store_problems({.info = "# Server\r\nredis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\n"
                                        "aof_enabled:1\r\n",
                                .save = ""}),
                IsEmpty());
}

TEST(StoreCheck, AServerBeforeSevenIsNamedWithItsVersion) {
    EXPECT_THAT(store_problems({.info = "redis_version:6.2.14\r\n", .save = {}}),
                ElementsAre(HasSubstr("6.2.14")));
}

TEST(StoreCheck, ALaterServerIsFine) {
    EXPECT_THAT(store_problems({.info = "redis_version:10.0.1\r\n", .save = {}}), IsEmpty());
}

TEST(StoreCheck, AnEvictingPolicyIsNamed) {
    EXPECT_THAT(store_problems({.info = "maxmemory_policy:volatile-lru\r\n", .save = {}}),
                ElementsAre(HasSubstr("volatile-lru")));
}

TEST(StoreCheck, WithoutSnapshotsAndAppendOnlyFileNothingPersists) {
    EXPECT_THAT(store_problems({.info = "aof_enabled:0\r\n", .save = ""}), ElementsAre(HasSubstr("appendonly")));
}

TEST(StoreCheck, SnapshotsAlonePersist) {
    EXPECT_THAT(store_problems({.info = "aof_enabled:0\r\n", .save = "3600 1"}), IsEmpty());
}

TEST(StoreCheck, WhatTheUserMayNotAskIsNotJudged) {
    EXPECT_THAT(store_problems({.info = "aof_enabled:0\r\n", .save = std::nullopt}), IsEmpty());
    EXPECT_THAT(store_problems({.info = "", .save = std::nullopt}), IsEmpty());
}

TEST(StoreCheck, AFieldIsItsWholeName) {
    EXPECT_THAT(store_problems(
                    {.info = "xmaxmemory_policy:allkeys-lru\r\nmaxmemory_policy_old:allkeys-lru\r\n", .save = {}}),
                IsEmpty());
}

}  // namespace
}  // namespace samovar::broker
