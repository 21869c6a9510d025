#include "services/error.hpp"

#include <gtest/gtest.h>

#include "db/error.hpp"

namespace localtea::services {
namespace {

TEST(Overloaded, is_what_may_pass_by_itself_and_nothing_else) {
    using enum db::Errc;
    for (const auto kind : {busy, conflict, timeout, connection}) {
        const auto error = as_overloaded(std::make_exception_ptr(db::Error{kind, "x"}));
        ASSERT_TRUE(error);
        EXPECT_EQ(error->kind(), Errc::overloaded);
    }
    for (const auto kind : {commit_unknown, unique_violation, bad_value, schema, other})
        EXPECT_FALSE(as_overloaded(std::make_exception_ptr(db::Error{kind, "x"})));
    EXPECT_FALSE(as_overloaded(std::make_exception_ptr(Error{Errc::refused, "x"})));
    EXPECT_FALSE(as_overloaded(std::make_exception_ptr(5)));
}

}  // namespace
}  // namespace localtea::services
