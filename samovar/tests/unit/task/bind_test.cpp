#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <boost/describe/class.hpp>
#include <samovar/detail/bind.hpp>

namespace samovar::detail {
namespace {

struct Address {
    std::string city;
    int zip = 0;
};
BOOST_DESCRIBE_STRUCT(Address, (), (city, zip))

struct Order {
    std::string who;
    int pieces = 0;
    Address to;
    std::optional<std::string> note;
    int priority = 5;
};
BOOST_DESCRIBE_STRUCT(Order, (), (who, pieces, to, note, priority))
SAMOVAR_DEFAULTS(Order, priority)

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

Object address() { return {{"city", "Tula"}, {"zip", 300000}}; }

std::string error_of(const Array& args, const Object& kwargs) {
    try {
        bind_arguments<Order>("shop.tasks.order", args, kwargs);
    } catch (const ArgumentError& error) {
        return error.what();
    }
    return "bound";
}

TEST(Bind, fills_members_by_position_in_the_order_of_their_declaration) {
    const auto order = bind_arguments<Order>("order", {"Ivan", 3, address(), "soon", 9}, {});
    EXPECT_EQ(order.who, "Ivan");
    EXPECT_EQ(order.pieces, 3);
    EXPECT_EQ(order.to.city, "Tula");
    EXPECT_EQ(order.note, "soon");
    EXPECT_EQ(order.priority, 9);
}

TEST(Bind, fills_members_by_name_and_keeps_defaults_of_absent_ones) {
    const auto order = bind_arguments<Order>("order", {}, {{"to", address()}, {"pieces", 1}, {"who", "Anna"}});
    EXPECT_EQ(order.who, "Anna");
    EXPECT_EQ(order.note, std::nullopt);
    EXPECT_EQ(order.priority, 5);
}

TEST(Bind, takes_positions_first_and_names_for_the_rest) {
    const auto order = bind_arguments<Order>("order", {"Anna"}, {{"pieces", 2}, {"to", address()}});
    EXPECT_EQ(order.who, "Anna");
    EXPECT_EQ(order.pieces, 2);
}

TEST(Bind, accepts_a_struct_without_members) { EXPECT_NO_THROW(bind_arguments<Nothing>("ping", {}, {})); }

TEST(Bind, names_one_missing_argument_as_python_does) {
    EXPECT_EQ(error_of({"Anna", 1}, {}), "order() missing 1 required positional argument: 'to'");
}

TEST(Bind, lists_missing_arguments_as_python_does) {
    EXPECT_EQ(error_of({"Anna"}, {}), "order() missing 2 required positional arguments: 'pieces' and 'to'");
    EXPECT_EQ(error_of({}, {}), "order() missing 3 required positional arguments: 'who', 'pieces', and 'to'");
}

TEST(Bind, refuses_a_name_that_is_no_member) {
    EXPECT_EQ(error_of({"Anna", 1, address()}, {{"colour", "red"}}),
              "order() got an unexpected keyword argument 'colour'");
}

TEST(Bind, refuses_an_argument_given_twice) {
    EXPECT_EQ(error_of({"Anna", 1, address()}, {{"who", "Ivan"}}),
              "order() got multiple values for argument 'who'");
}

TEST(Bind, refuses_too_many_positions) {
    EXPECT_EQ(error_of({"Anna", 1, address(), nullptr, 1, 7}, {}),
              "order() takes 5 positional arguments but 6 were given");
}

TEST(Bind, refuses_any_argument_where_none_is_taken) {
    try {
        bind_arguments<Nothing>("shop.ping", {1}, {});
        FAIL() << "bound";
    } catch (const ArgumentError& error) {
        EXPECT_STREQ(error.what(), "ping() takes 0 positional arguments but 1 was given");
    }
}

TEST(Bind, tells_the_field_of_a_value_that_does_not_fit_without_quoting_it) {
    const auto text = error_of({"Anna", 1, Object{{"city", "Tula"}, {"zip", "secret"}}}, {});
    EXPECT_THAT(text, testing::HasSubstr("argument 'to.zip'"));
    EXPECT_THAT(text, testing::HasSubstr("integer"));
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("secret")));
}

TEST(Bind, tells_everything_that_is_wrong_at_once) {
    const auto text = error_of({}, {{"who", 1}, {"colour", "red"}});
    EXPECT_THAT(text, testing::HasSubstr("argument 'who'"));
    EXPECT_THAT(text, testing::HasSubstr("unexpected keyword argument 'colour'"));
    EXPECT_THAT(text, testing::HasSubstr("missing 2 required positional arguments: 'pieces' and 'to'"));
}

}  // namespace
}  // namespace samovar::detail
