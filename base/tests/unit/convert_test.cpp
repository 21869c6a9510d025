#include <samovar/convert.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <samovar/json.hpp>

namespace shop {

enum class Roast { light, dark };
BOOST_DESCRIBE_ENUM(Roast, light, dark)

struct Leaf {
    std::string name;
    std::uint8_t grams = 5;
};
BOOST_DESCRIBE_STRUCT(Leaf, (), (name, grams))
SAMOVAR_DEFAULTS(Leaf, grams)

struct Base {
    std::int64_t id{};
};
BOOST_DESCRIBE_STRUCT(Base, (), (id))

struct Order : Base {
    bool paid{};
    double price{};
    std::optional<std::string> note;
    std::vector<Leaf> leaves;
    std::map<std::string, int> counts;
    Roast roast{};
    samovar::Value extra;
};
BOOST_DESCRIBE_STRUCT(Order, (Base), (paid, price, note, leaves, counts, roast, extra))
SAMOVAR_DEFAULTS(Order, counts, extra)

struct Mail {
    std::string email_to;
    std::string subject = "none";
    std::string body = "empty";
    std::optional<std::string> template_name;
};
BOOST_DESCRIBE_STRUCT(Mail, (), (email_to, subject, body, template_name))
SAMOVAR_DEFAULTS(Mail, subject, body)

struct Flags {
    std::vector<bool> set;
    samovar::Object free;
    samovar::Array list;
    float small{};
};
BOOST_DESCRIBE_STRUCT(Flags, (), (set, free, list, small))

}  // namespace shop

namespace samovar {
namespace {

using convert::Issues;
using testing::ElementsAre;

template <class T>
struct Outcome {
    bool good = false;
    T value{};
    Issues issues;
};

template <class T>
Outcome<T> read(std::string_view text) {
    Outcome<T> outcome;
    outcome.good = convert::from_value(json::parse(text), outcome.value, outcome.issues);
    return outcome;
}

template <class T>
Outcome<T> call(std::string_view args, std::string_view kwargs) {
    Outcome<T> outcome;
    const Value positional = json::parse(args), named = json::parse(kwargs);
    outcome.good =
        convert::from_arguments(*positional.if_array(), *named.if_object(), outcome.value, outcome.issues);
    return outcome;
}

template <class T>
std::string first_type(std::string_view text) {
    const auto outcome = read<T>(text);
    return outcome.issues.empty() ? "" : outcome.issues.front().type;
}

constexpr std::string_view full_order =
    R"({"id": 7, "paid": true, "price": 2, "note": null, "leaves": [{"name": "assam", "grams": 9}],)"
    R"( "counts": {"a": 1}, "roast": "dark", "extra": [null]})";

TEST(Convert, every_kind_of_member_is_read) {
    const auto [good, order, issues] = read<shop::Order>(full_order);
    ASSERT_TRUE(good) << convert::describe(issues);
    EXPECT_EQ(order.id, 7);
    EXPECT_TRUE(order.paid);
    EXPECT_EQ(order.price, 2.0);
    EXPECT_EQ(order.note, std::nullopt);
    ASSERT_EQ(order.leaves.size(), 1U);
    EXPECT_EQ(order.leaves[0].grams, 9);
    EXPECT_EQ(order.counts.at("a"), 1);
    EXPECT_EQ(order.roast, shop::Roast::dark);
    EXPECT_EQ(order.extra, Value{Array{Value{}}});
}

TEST(Convert, a_struct_is_written_in_the_order_of_its_members_bases_first) {
    const auto order = read<shop::Order>(full_order).value;
    EXPECT_EQ(json::dump(convert::to_value(order)),
              R"({"id": 7, "paid": true, "price": 2.0, "note": null, "leaves": [{"name": "assam", "grams": 9}],)"
              R"( "counts": {"a": 1}, "roast": "dark", "extra": [null]})");
}

TEST(Convert, compact_text_is_written_as_by_way_of_a_value) {
    auto order = read<shop::Order>(full_order).value;
    order.note = "чай \"\n\\ \x01 \xff";
    order.price = std::numeric_limits<double>::infinity();
    order.leaves.push_back({"", 255});
    order.counts["[{"] = std::numeric_limits<int>::min();
    order.extra = Object{{"nested", Array{Object{}, Array{}, 1.5, true, nullptr, "x"}}};
    shop::Flags flags{.set = {true, false}, .free = Object{{"a", 1}}, .list = Array{1}, .small = 0.5F};
    EXPECT_EQ(convert::to_compact_json(order), json::dump_compact(convert::to_value(order)));
    EXPECT_EQ(convert::to_compact_json(flags), json::dump_compact(convert::to_value(flags)));
    EXPECT_EQ(convert::to_compact_json(std::vector{order}), "[" + convert::to_compact_json(order) + "]");
    EXPECT_EQ(convert::to_compact_json(std::vector<std::vector<int>>{{}, {1}, {}}), "[[],[1],[]]");
    EXPECT_EQ(convert::to_compact_json(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
    EXPECT_THROW(convert::to_compact_json(static_cast<shop::Roast>(9)), std::invalid_argument);
}

TEST(Convert, optional_and_defaulted_members_may_be_absent) {
    const auto [good, mail, issues] = read<shop::Mail>(R"({"email_to": "a"})");
    EXPECT_TRUE(good);
    EXPECT_EQ(mail.subject, "none");
    EXPECT_EQ(mail.body, "empty");
    EXPECT_EQ(mail.template_name, std::nullopt);
}

TEST(Convert, every_issue_is_reported_with_its_place) {
    const auto outcome = read<shop::Order>(
        R"({"paid": 1, "price": "2", "leaves": [{"name": "x"}, {"grams": 300}], "counts": {"k": 1.0},)"
        R"( "roast": "burnt"})");
    EXPECT_FALSE(outcome.good);
    std::vector<std::string> seen;
    for (const auto& issue : outcome.issues) {
        std::string line;
        for (const auto& part : issue.loc) line += part + "/";
        seen.push_back(line + issue.type);
    }
    EXPECT_THAT(seen, ElementsAre("id/missing", "paid/bool_type", "price/float_type", "leaves/1/name/missing",
                                  "leaves/1/grams/int_parsing_size", "counts/k/int_type", "roast/enum"));
}

TEST(Convert, a_loc_given_by_the_caller_comes_first) {
    shop::Mail mail;
    Issues issues;
    EXPECT_FALSE(convert::from_value(json::parse("{}"), mail, issues, {"body"}));
    ASSERT_EQ(issues.size(), 1U);
    EXPECT_THAT(issues[0].loc, ElementsAre("body", "email_to"));
}

TEST(Convert, types_are_not_coerced) {
    EXPECT_EQ(first_type<int>("\"1\""), "int_type");
    EXPECT_EQ(first_type<int>("1.0"), "int_type");
    EXPECT_EQ(first_type<int>("true"), "int_type");
    EXPECT_EQ(first_type<bool>("1"), "bool_type");
    EXPECT_EQ(first_type<std::string>("1"), "string_type");
    EXPECT_EQ(first_type<double>("true"), "float_type");
    EXPECT_EQ(first_type<std::vector<int>>("{}"), "list_type");
    EXPECT_EQ(first_type<shop::Mail>("[]"), "dict_type");
    EXPECT_EQ(first_type<double>("1"), "");
}

TEST(Convert, integers_are_read_up_to_the_ends_of_their_range) {
    EXPECT_EQ(first_type<std::int8_t>("-128"), "");
    EXPECT_EQ(first_type<std::int8_t>("-129"), "int_parsing_size");
    EXPECT_EQ(first_type<std::uint8_t>("255"), "");
    EXPECT_EQ(first_type<std::uint8_t>("256"), "int_parsing_size");
    EXPECT_EQ(first_type<std::uint8_t>("-1"), "int_parsing_size");
    EXPECT_EQ(first_type<std::int64_t>("9223372036854775808"), "int_parsing_size");
    EXPECT_EQ(read<std::uint64_t>("18446744073709551615").value, std::numeric_limits<std::uint64_t>::max());
}

TEST(Convert, a_message_names_the_accepted_range_and_names) {
    EXPECT_EQ(convert::describe(read<std::uint8_t>("256").issues), "Input should be an integer from 0 to 255");
    EXPECT_EQ(convert::describe(read<shop::Roast>("\"x\"").issues), "Input should be one of 'light', 'dark'");
}

TEST(Convert, an_enumerator_name_may_not_hold_a_trailing_nul) {
    EXPECT_EQ(first_type<shop::Roast>(R"("dark\u0000")"), "enum");
}

TEST(Convert, unknown_members_are_ignored_unless_refused) {
    shop::Leaf leaf;
    Issues issues;
    const Value input = json::parse(R"({"name": "a", "colour": 1})");
    EXPECT_TRUE(convert::from_value(input, leaf, issues));
    EXPECT_FALSE(convert::from_value(input, leaf, issues, {}, convert::Unknown::refuse));
    ASSERT_EQ(issues.size(), 1U);
    EXPECT_EQ(issues[0].type, "unexpected_keyword_argument");
    EXPECT_THAT(issues[0].loc, ElementsAre("colour"));
}

TEST(Convert, positional_arguments_fill_members_in_order) {
    const auto [good, mail, issues] = call<shop::Mail>(R"(["to", "hello"])", R"({"template_name": "t"})");
    ASSERT_TRUE(good);
    EXPECT_EQ(mail.email_to, "to");
    EXPECT_EQ(mail.subject, "hello");
    EXPECT_EQ(mail.body, "empty");
    EXPECT_EQ(mail.template_name, "t");
}

TEST(Convert, what_python_answers_with_a_type_error_is_an_issue) {
    EXPECT_EQ(call<shop::Mail>("[]", "{}").issues.at(0).type, "missing");
    EXPECT_EQ(call<shop::Mail>(R"(["a"])", R"({"email_to": "b"})").issues.at(0).type, "multiple_argument_values");
    EXPECT_EQ(call<shop::Mail>(R"(["a"])", R"({"cc": "b"})").issues.at(0).type, "unexpected_keyword_argument");
    EXPECT_EQ(call<shop::Mail>(R"(["a", "b", "c", "d", "e"])", "{}").issues.at(0).type,
              "unexpected_positional_argument");
}

TEST(Convert, json_members_are_taken_as_they_are) {
    const auto [good, flags, issues] =
        read<shop::Flags>(R"({"set": [true, false], "free": {"a": [1]}, "list": [2], "small": 0.5})");
    ASSERT_TRUE(good);
    EXPECT_THAT(flags.set, ElementsAre(true, false));
    EXPECT_EQ(*flags.free.find("a"), Value{Array{1}});
    EXPECT_EQ(flags.small, 0.5F);
}

TEST(Convert, an_enum_value_without_a_name_cannot_be_written) {
    EXPECT_THROW(convert::to_value(static_cast<shop::Roast>(9)), std::invalid_argument);
}

static_assert(traits::is_required<shop::Mail, boost::mp11::mp_at_c<traits::members_of<shop::Mail>, 0>>());
static_assert(!traits::is_required<shop::Mail, boost::mp11::mp_at_c<traits::members_of<shop::Mail>, 1>>());
static_assert(!traits::is_required<shop::Mail, boost::mp11::mp_at_c<traits::members_of<shop::Mail>, 3>>());
static_assert(traits::member_count<shop::Order> == 8);

}  // namespace
}  // namespace samovar
