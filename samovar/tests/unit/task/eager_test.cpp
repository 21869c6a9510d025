#include <samovar/testing/eager.hpp>

#include <gmock/gmock.h>
#include <boost/describe/class.hpp>
#include <samovar/error.hpp>

namespace samovar::testing {
namespace {

using namespace std::chrono_literals;

struct Sum {
    int x = 0;
    int y = 0;
};
BOOST_DESCRIBE_STRUCT(Sum, (), (x, y))

class EagerTest : public ::testing::Test {
protected:
    App app{"shop"};
    Eager eager{app};
};

TEST_F(EagerTest, runs_a_task_in_place_and_returns_its_result) {
    const auto sum = app.task<Sum>("sum", [](const Sum& sum) { return sum.x + sum.y; });
    EXPECT_EQ(eager.get(sum.signature({.x = 1, .y = 2})), Value{3});
    EXPECT_EQ(eager.run(sum, {.x = 3, .y = 4}).state, "SUCCESS");
}

TEST_F(EagerTest, runs_a_coroutine) {
    const auto sum = app.task<Sum>("sum", [](Sum sum) -> boost::asio::awaitable<int> { co_return sum.x + sum.y; });
    EXPECT_EQ(eager.get(sum.signature({.x = 1, .y = 2})), Value{3});
}

TEST_F(EagerTest, shows_the_handler_the_call_it_answers) {
    const auto sum =
        app.task<Sum>("sum", [](Context& here, const Sum&) { return here.id() + here.request().queue; });
    EXPECT_EQ(eager.get(sum.signature({}, {.queue = "fast", .id = "my-id"})), Value{"my-idfast"});
}

TEST_F(EagerTest, throws_what_a_client_of_a_failed_task_gets) {
    const auto sum = app.task<Sum>("sum", [](const Sum&) { throw std::runtime_error{"boom"}; });
    try {
        eager.get(sum.signature({}));
        FAIL() << "succeeded";
    } catch (const TaskError& error) {
        EXPECT_EQ(error.exc_type(), "runtime_error");
    }
}

TEST_F(EagerTest, binds_arguments_as_a_worker_does) {
    app.task<Sum>("sum", [](const Sum& sum) { return sum.x; });
    EXPECT_EQ(eager.get({.task = "sum", .args = {1, 2}}), Value{1});
    EXPECT_EQ(eager.run({.task = "sum", .args = {1, 2, 3}}).failure()->exc_type, "TypeError");
}

TEST_F(EagerTest, retries_at_once_and_tells_the_pauses) {
    const auto flaky = app.task<Sum>("flaky",
                                     [](Context& here, const Sum&) {
                                         if (here.retries() < 2) throw std::runtime_error{"not yet"};
                                         return here.retries();
                                     },
                                     {.retry = {.max = 5, .backoff = 1s}});
    EXPECT_EQ(eager.get(flaky.signature({})), Value{2});
    EXPECT_THAT(eager.pauses(), ::testing::ElementsAre(1s, 2s));
}

TEST_F(EagerTest, gives_up_when_retries_are_used_up) {
    const auto broken = app.task<Sum>("broken", [](Context& here, const Sum&) { here.retry(3s, "still broken"); },
                                      {.retry = {.max = 2}});
    const auto result = eager.run(broken, {});
    EXPECT_EQ(result.state, "FAILURE");
    EXPECT_EQ(result.failure()->exc_message, (Array{"still broken"}));
    EXPECT_EQ(eager.pauses().size(), 2u);
}

TEST_F(EagerTest, tells_a_rejected_task_and_an_expired_one) {
    const auto picky = app.task<Sum>("picky", [](Context& here, const Sum&) { here.reject(true); });
    EXPECT_EQ(eager.run(picky, {}).state, "REJECTED");
    EXPECT_EQ(eager.run(picky, {}, {.expires = system_clock().now() - 1s}).state, "REVOKED");
}

TEST_F(EagerTest, refuses_a_task_that_is_not_registered) {
    EXPECT_THROW(eager.run({.task = "nobody"}), std::invalid_argument);
}

}  // namespace
}  // namespace samovar::testing
