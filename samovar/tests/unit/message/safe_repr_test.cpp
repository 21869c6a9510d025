#include "message/safe_repr.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <samovar/json.hpp>

namespace samovar::message {
namespace {

TEST(SafeRepr, arguments_are_a_tuple) {
    EXPECT_EQ(args_repr({}), "()");
    EXPECT_EQ(args_repr({"a"}), "('a',)");
    EXPECT_EQ(args_repr({2, 3}), "(2, 3)");
    EXPECT_EQ(kwargs_repr({}), "{}");
    EXPECT_EQ(kwargs_repr({{"k", 1}, {"n", Array{1, 2}}}), "{'k': 1, 'n': [1, 2]}");
}

TEST(SafeRepr, constants_and_numbers_are_written_as_in_python) {
    EXPECT_EQ(args_repr({nullptr, true, false, 2.5, 1e16, -7, UINT64_MAX}),
              "(None, True, False, 2.5, 1e+16, -7, 18446744073709551615)");
    EXPECT_EQ(args_repr({NAN, INFINITY, -INFINITY}), "(nan, inf, -inf)");
}

TEST(SafeRepr, only_single_quotes_are_escaped) {
    EXPECT_EQ(safe_repr("it's \"so\" \\ \n"), "'it\\'s \"so\" \\ \n'");
    EXPECT_EQ(safe_repr("Привет"), "'Привет'");
}

TEST(SafeRepr, what_is_nested_too_deep_is_left_out) {
    EXPECT_EQ(args_repr(json::parse("[[[[1], {}]]]").if_array()[0]), "([[[...], {...}]],)");
}

TEST(SafeRepr, a_long_text_is_cut_at_a_blank_if_there_is_one) {
    EXPECT_EQ(safe_repr("aaaa bbbb cccc", 11), "'aaaa bbbb...'");
    EXPECT_EQ(safe_repr("aaaa bbbb cccc", 9), "'aaaa...'");
    EXPECT_EQ(safe_repr("aaaaaaaaaaaa", 10), "'aaaaaaaaaa...'");
    EXPECT_EQ(safe_repr("Приветствие", 3), "'При...'");
}

TEST(SafeRepr, what_does_not_fit_is_replaced_and_brackets_are_closed) {
    EXPECT_EQ(args_repr({std::string(30, 'x'), Array{1}}, 20),
              "(" + ("'" + std::string(19, 'x') + "...'") + ", ...)");
    EXPECT_EQ(safe_repr(json::parse("[[1, 2, 3, 4]]"), 6), "[[1, 2..., ...]]");
}

}  // namespace
}  // namespace samovar::message
