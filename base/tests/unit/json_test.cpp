#include <cmath>

#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "support/random_value.hpp"

namespace samovar {
namespace {

std::string error_of(std::string_view text, const json::Bounds& limits = {}) {
    try {
        json::parse(text, limits);
        return "";
    } catch (const json::ParseError& error) {
        return error.what();
    }
}

TEST(Json, what_is_written_reads_back_the_same) {
    testing::RandomValue random{1};
    for (int i = 0; i < 2'000; ++i) {
        const Value value = random.value();
        EXPECT_EQ(json::parse(json::dump(value)), value) << json::dump(value);
    }
}

TEST(Json, values_are_written_as_python_does_by_default) {
    const Value value = Object{{"a", Array{1, 2.0, nullptr, true}}, {"ключ", "\"\\\n\x7f\xF0\x9F\x8D\xB5"}};
    EXPECT_EQ(json::dump(value),
              R"({"a": [1, 2.0, null, true], "\u043a\u043b\u044e\u0447": "\"\\\n\u007f\ud83c\udf75"})");
}

TEST(Json, floats_are_written_as_pythons_repr) {
    const auto text = [](double number) {
        std::string out;
        json::append_double(out, number);
        return out;
    };
    EXPECT_EQ(text(1e16), "1e+16");
    EXPECT_EQ(text(1e15), "1000000000000000.0");
    EXPECT_EQ(text(123456789012345680.0), "1.2345678901234568e+17");
    EXPECT_EQ(text(0.0001), "0.0001");
    EXPECT_EQ(text(0.00001), "1e-05");
    EXPECT_EQ(text(-0.0), "-0.0");
    EXPECT_EQ(text(-1.5e300), "-1.5e+300");
    EXPECT_EQ(text(5e-324), "5e-324");
    EXPECT_EQ(text(0.1 + 0.2), "0.30000000000000004");
    EXPECT_EQ(text(std::nan("")), "NaN");
    EXPECT_EQ(text(-INFINITY), "-Infinity");
}

TEST(Json, integers_keep_their_type_and_are_never_rounded) {
    EXPECT_EQ(json::parse("9223372036854775807"), Value{INT64_MAX});
    EXPECT_EQ(json::parse("18446744073709551615"), Value{UINT64_MAX});
    EXPECT_EQ(json::parse("-9223372036854775808"), Value{INT64_MIN});
    EXPECT_NE(json::parse("1"), json::parse("1.0"));
    EXPECT_EQ(error_of("[1, 18446744073709551616]"),
              "JSON: an integer is outside the range of int64 and uint64 (byte 4)");
    EXPECT_NE(error_of("-9223372036854775809"), "");
}

TEST(Json, a_repeated_member_keeps_its_first_place_and_its_last_value) {
    EXPECT_EQ(json::dump(json::parse(R"({"a": 1, "b": 2, "a": 3})")), R"({"a": 3, "b": 2})");
}

TEST(Json, many_members_with_a_repeated_one_are_read_in_order) {
    std::string text = "{";
    for (int i = 0; i < 50'000; ++i) text += "\"k" + std::to_string(i) + "\": 0, ";
    const Value value = json::parse(text + "\"k7\": 1}");
    ASSERT_EQ(value.if_object()->size(), 50'000U);
    EXPECT_EQ((value.if_object()->begin() + 7)->first, "k7");
    EXPECT_EQ((value.if_object()->begin() + 7)->second, Value{1});
}

TEST(Json, a_lone_surrogate_escape_survives) {
    const Value value = json::parse(R"("a\ud800b")");
    EXPECT_EQ(*value.if_string(),
              "a\xED\xA0\x80"
              "b");
    EXPECT_EQ(json::dump(value), R"("a\ud800b")");
    EXPECT_NE(error_of("\"\xED\xA0\x80\""), "");
}

TEST(Json, bytes_that_are_not_utf8_are_written_as_python_carries_them) {
    EXPECT_EQ(json::dump("a\xFF"), R"("a\udcff")");
    EXPECT_EQ(json::dump_compact("a\xFF"), "\"a\xEF\xBF\xBD\"");
}

TEST(Json, nesting_is_accepted_up_to_its_limit_and_no_further) {
    const auto brackets = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
    EXPECT_EQ(error_of(brackets(128)), "");
    EXPECT_EQ(error_of(brackets(129)), "JSON: arrays and objects are nested deeper than 128 (byte 128)");
    EXPECT_EQ(error_of(brackets(2'000), {.depth = 100'000}),
              "JSON: arrays and objects are nested deeper than 1024 (byte 1024)");
    EXPECT_NE(error_of(std::string(100'000, '[')), "");
}

TEST(Json, a_text_beyond_its_size_is_refused_before_it_is_read) {
    EXPECT_EQ(error_of("[1]", {.size = 2}), "JSON: the text has 3 bytes, the limit is 2 (byte 0)");
    EXPECT_EQ(error_of("[1]", {.size = 3}), "");
}

TEST(Json, a_limit_is_told_from_a_syntax_error) {
    const auto kind_of = [](std::string_view text) {
        try {
            json::parse(text, {.depth = 1});
        } catch (const json::ParseError& error) {
            return error.kind();
        }
        throw std::logic_error("accepted");
    };
    EXPECT_EQ(kind_of("[[]]"), json::ParseError::Kind::limit);
    EXPECT_EQ(kind_of("[1}"), json::ParseError::Kind::syntax);
}

TEST(Json, pythons_words_are_read_only_where_allowed) {
    EXPECT_TRUE(std::isnan(*json::parse("NaN").if_double()));
    EXPECT_EQ(json::parse("[-Infinity]"), (Value{Array{-INFINITY}}));
    for (const char* text : {"NaN", "Infinity", "-Infinity", "1e400"}) {
        EXPECT_NE(error_of(text, {.python_words = false}), "") << text;
    }
    EXPECT_EQ(error_of("-1", {.python_words = false}), "");
}

TEST(Json, compact_text_is_utf8_without_spaces_and_without_pythons_words) {
    const Value value = Object{{"чай", Array{1, NAN, "\x01\"\xED\xA0\x80"}}};
    EXPECT_EQ(json::dump_compact(value), "{\"чай\":[1,null,\"\\u0001\\\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"]}");
}

TEST(Json, an_error_tells_where_reading_stopped) {
    EXPECT_EQ(error_of("{\"a\": tru}"), "JSON: a value is expected (byte 6)");
    EXPECT_EQ(error_of("[1 2]"), "JSON: ',' or ']' is expected (byte 3)");
    EXPECT_EQ(error_of("\"a\nb\""), "JSON: a control character in a string must be escaped (byte 2)");
    EXPECT_EQ(error_of("1 x"), "JSON: the text goes on after its value (byte 2)");
}

TEST(Json, special_characters_are_found_at_every_place_of_a_long_string) {
    for (std::size_t at = 0; at < 40; ++at) {
        for (const char* special : {"\\n", "\xC3\xA9", "\\\""}) {
            const std::string text = '"' + std::string(at, 'x') + special + std::string(20, 'y') + '"';
            EXPECT_EQ(error_of(text), "") << at;
            EXPECT_EQ(json::dump_compact(json::parse(text)), text);
        }
        const std::string control = '"' + std::string(at, 'x') + "\x1f" + std::string(20, 'y') + '"';
        EXPECT_NE(error_of(control), "") << at;
    }
}

TEST(Value, objects_are_equal_whatever_their_order) {
    const Value a = Object{{"x", 1}, {"y", 2}};
    const Value b = Object{{"y", 2}, {"x", 1}};
    EXPECT_EQ(a, b);
    EXPECT_NE(a, (Value{Object{{"x", 1}, {"y", 3}}}));
    EXPECT_NE(a, (Value{Object{{"x", 1}}}));
}

TEST(Value, members_are_set_found_and_erased) {
    Object object;
    object.set("a", 1);
    object.set("a", 2);
    EXPECT_EQ(*object.find("a"), Value{2});
    EXPECT_TRUE(object.erase("a"));
    EXPECT_FALSE(object.erase("a"));
    EXPECT_EQ(Value{1}.find("a"), nullptr);
}

TEST(Value, python_names_of_types) {
    const std::vector<std::pair<Value, std::string_view>> names{
        {nullptr, "NoneType"}, {true, "bool"}, {1, "int"},        {UINT64_MAX, "int"},
        {1.0, "float"},        {"a", "str"},   {Array{}, "list"}, {Object{}, "dict"}};
    for (const auto& [value, name] : names) EXPECT_EQ(python_type_name(value), name);
}

}  // namespace
}  // namespace samovar
