#include "task/fault.hpp"

#include <stdexcept>
#include <system_error>

#include <gmock/gmock.h>
#include <boost/system/system_error.hpp>
#include <samovar/detail/bind.hpp>

namespace shop {

class OutOfStock : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct NotAnException {
    int code = 0;
};

}  // namespace shop

namespace samovar::task {
namespace {

struct Hidden : std::logic_error {
    using std::logic_error::logic_error;
};

template <class E>
Fault fault_of(E exception) {
    return describe_exception(std::make_exception_ptr(std::move(exception)));
}

TEST(Fault, names_class_module_and_message_of_an_exception) {
    const auto fault = fault_of(shop::OutOfStock{"no oolong left"});
    EXPECT_EQ(fault.type, "OutOfStock");
    EXPECT_EQ(fault.module, "shop");
    EXPECT_EQ(fault.arguments, (Array{"no oolong left"}));
    EXPECT_EQ(fault.traceback, "shop.OutOfStock: no oolong left\n");
}

TEST(Fault, names_the_dynamic_type_of_an_exception_caught_by_its_base) {
    EXPECT_EQ(fault_of(std::out_of_range{"x"}).type, "out_of_range");
}

TEST(Fault, leaves_an_anonymous_namespace_out_of_the_module) {
    const auto fault = fault_of(Hidden{"x"});
    EXPECT_EQ(fault.type, "Hidden");
    EXPECT_EQ(fault.module, "samovar.task");
}

TEST(Fault, tells_category_and_value_of_a_system_error) {
    const auto fault = fault_of(std::system_error{std::make_error_code(std::errc::no_space_on_device), "writing"});
    EXPECT_EQ(fault.type, "system_error");
    EXPECT_THAT(fault.traceback, testing::HasSubstr("generic:28"));
}

TEST(Fault, tells_no_place_in_the_source_code_of_a_system_error_of_boost) {
    BOOST_STATIC_CONSTEXPR boost::source_location here = BOOST_CURRENT_LOCATION;
    const boost::system::error_code refused{111, boost::system::system_category(), &here};
    const auto fault = fault_of(boost::system::system_error{refused, "connect"});
    EXPECT_EQ(fault.arguments, Array{"connect: Connection refused"});
    EXPECT_THAT(fault.traceback, testing::HasSubstr("system:111"));
    EXPECT_THAT(fault.traceback, testing::Not(testing::HasSubstr(".cpp")));
}

TEST(Fault, tells_nested_exceptions_in_the_order_of_their_cause) {
    std::exception_ptr outer;
    try {
        try {
            throw std::invalid_argument{"inner"};
        } catch (...) {
            std::throw_with_nested(shop::OutOfStock{"outer"});
        }
    } catch (...) {
        outer = std::current_exception();
    }
    const auto fault = describe_exception(outer);
    EXPECT_EQ(fault.type, "OutOfStock");
    EXPECT_EQ(fault.module, "shop");
    EXPECT_EQ(fault.traceback,
              "std.invalid_argument: inner\n\nThe above exception was the direct cause of the following "
              "exception:\n\nshop.OutOfStock: outer\n");
}

TEST(Fault, names_the_type_of_what_is_no_exception_class) {
    const auto fault = fault_of(shop::NotAnException{3});
    EXPECT_EQ(fault.type, "NotAnException");
    EXPECT_EQ(fault.module, "shop");
    EXPECT_TRUE(fault.arguments.empty());
    EXPECT_EQ(fault_of(42).type, "int");
}

TEST(Fault, is_a_python_type_error_for_arguments_that_do_not_fit) {
    const auto fault = fault_of(detail::ArgumentError{"f", {}, 0, 1});
    EXPECT_EQ(fault.type, "TypeError");
    EXPECT_EQ(fault.module, "builtins");
    EXPECT_EQ(fault.traceback, "TypeError: f() takes 0 positional arguments but 1 was given\n");
}

TEST(Fault, says_as_celery_does_that_retries_are_used_up) {
    const auto fault = max_retries_exceeded("proj.giveup", "some-id", "()", "{}");
    EXPECT_EQ(fault.type, "MaxRetriesExceededError");
    EXPECT_EQ(fault.module, "celery.exceptions");
    EXPECT_EQ(fault.arguments, (Array{"Can't retry proj.giveup[some-id] args:() kwargs:{}"}));
}

}  // namespace
}  // namespace samovar::task
