#include "result/keys.hpp"

#include <gtest/gtest.h>

namespace samovar::result {
namespace {

TEST(ResultKeys, are_celerys) { EXPECT_EQ(task_key(key_prefix(""), "some-id"), "celery-task-meta-some-id"); }

TEST(ResultKeys, have_an_underscore_after_a_prefix_that_ends_in_no_separator) {
    EXPECT_EQ(task_key(key_prefix("res1"), "x"), "res1_celery-task-meta-x");
    for (const char* separated : {"a:", "a_", "a-", "a."}) EXPECT_EQ(key_prefix(separated), separated);
}

}  // namespace
}  // namespace samovar::result
