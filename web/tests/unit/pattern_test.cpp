#include "pattern.hpp"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace {

using web::detail::Pattern;

TEST(Pattern, is_searched_for_anywhere_unless_anchored) {
    EXPECT_TRUE(Pattern::compile("[0-9]{2}")->found_in("ab12cd"));
    EXPECT_FALSE(Pattern::compile("^[0-9]{2}$")->found_in("ab12cd"));
    EXPECT_TRUE(Pattern::compile("^[0-9]{2}$")->found_in("12"));
    EXPECT_FALSE(Pattern::compile("^[0-9]{2}$")->found_in(""));
}

TEST(Pattern, gives_up_on_texts_that_would_keep_it_busy_for_years) {
    EXPECT_FALSE(Pattern::compile("^(a+)+$")->found_in(std::string(60, 'a') + "b"));
    EXPECT_TRUE(Pattern::compile("^(a+)+$")->found_in(std::string(60, 'a')));
    EXPECT_FALSE(Pattern::compile("^(.|x)*y$")->found_in(std::string(1'000'000, 'x')));
}

TEST(Pattern, is_refused_when_it_is_broken) {
    EXPECT_THROW(Pattern::compile("(a"), std::logic_error);
    EXPECT_THROW(Pattern::compile("[z-a]"), std::logic_error);
    EXPECT_EQ(Pattern::compile(""), nullptr);
}

}  // namespace
