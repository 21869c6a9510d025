#include "task/verdict.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace samovar::task {
namespace {

using namespace std::chrono_literals;

class Verdict : public testing::Test {
protected:
    template <class E>
    Outcome of(E exception, TaskOptions options, int retries = 0) {
        Context::Request request{.id = "some-id", .task = "shop.send", .retries = retries};
        return verdict(std::make_exception_ptr(std::move(exception)), options, Context{std::move(request), {}},
                       body, 0.5);
    }

    message::Body body{.args = {1}, .kwargs = {{"to", "a@b.c"}}, .embed = {}};
};

TEST_F(Verdict, fails_a_task_without_retries) {
    const auto outcome = of(std::runtime_error{"boom"}, {});
    const auto& failed = std::get<Failed>(outcome);
    EXPECT_EQ(failed.fault.type, "runtime_error");
    EXPECT_FALSE(failed.dead_letter);
}

TEST_F(Verdict, leaves_a_dead_letter_when_the_task_asks_for_one) {
    EXPECT_TRUE(std::get<Failed>(of(std::runtime_error{"boom"}, {.dead_letter_on_failure = true})).dead_letter);
}

TEST_F(Verdict, tries_again_after_the_pause_of_the_policy) {
    const auto outcome = of(std::runtime_error{"boom"}, {.retry = {.max = 3, .backoff = 1s}}, 1);
    const auto& retried = std::get<Retried>(outcome);
    EXPECT_EQ(retried.countdown, 2s);
    EXPECT_EQ(retried.cause.type, "runtime_error");
}

TEST_F(Verdict, fails_with_the_cause_when_retries_are_used_up) {
    const auto outcome = of(std::runtime_error{"boom"}, {.retry = {.max = 3, .backoff = 1s}}, 3);
    EXPECT_EQ(std::get<Failed>(outcome).fault.type, "runtime_error");
}

TEST_F(Verdict, tries_again_when_and_as_the_handler_asks) {
    const auto outcome = of(RetryRequested{.countdown = 42s, .why = "later"}, {.retry = {.max = 3}});
    const auto& retried = std::get<Retried>(outcome);
    EXPECT_EQ(retried.countdown, 42s);
    EXPECT_EQ(retried.cause.arguments, (Array{"later"}));
}

TEST_F(Verdict, takes_the_policys_pause_when_the_handler_gives_none) {
    const auto outcome = of(RetryRequested{.countdown = {}, .why = {}}, {.retry = {.max = 3, .countdown = 9s}});
    EXPECT_EQ(std::get<Retried>(outcome).countdown, 9s);
}

TEST_F(Verdict, says_what_could_not_be_retried_when_the_handler_gave_no_cause) {
    const auto outcome = of(RetryRequested{.countdown = {}, .why = {}}, {.retry = {.max = 2}}, 2);
    const auto& fault = std::get<Failed>(outcome).fault;
    EXPECT_EQ(fault.type, "MaxRetriesExceededError");
    EXPECT_EQ(fault.arguments, (Array{"Can't retry shop.send[some-id] args:(1,) kwargs:{'to': 'a@b.c'}"}));
}

TEST_F(Verdict, keeps_redacted_arguments_out_of_what_it_says) {
    const auto outcome = of(RetryRequested{.countdown = {}, .why = {}}, {.redacted_repr = "<hidden>"});
    EXPECT_EQ(std::get<Failed>(outcome).fault.arguments,
              (Array{"Can't retry shop.send[some-id] args:<hidden> kwargs:<hidden>"}));
}

TEST_F(Verdict, fails_with_the_handlers_reason_when_retries_are_used_up) {
    const auto outcome = of(RetryRequested{.countdown = {}, .why = "smtp is down"}, {});
    EXPECT_EQ(std::get<Failed>(outcome).fault.arguments, (Array{"smtp is down"}));
}

TEST_F(Verdict, gives_up_for_good_with_a_dead_letter_whatever_the_policy) {
    const auto outcome = of(PermanentFailure{"no such user"}, {.retry = {.max = 5}});
    const auto& failed = std::get<Failed>(outcome);
    EXPECT_TRUE(failed.dead_letter);
    EXPECT_EQ(failed.fault.type, "PermanentFailure");
    EXPECT_EQ(failed.fault.module, "samovar");
}

TEST_F(Verdict, does_not_retry_arguments_that_do_not_fit) {
    const auto outcome = of(detail::ArgumentError{"send", {}, 0, 1}, {.retry = {.max = 5}});
    const auto& failed = std::get<Failed>(outcome);
    EXPECT_TRUE(failed.dead_letter);
    EXPECT_EQ(failed.fault.type, "TypeError");
}

TEST_F(Verdict, tries_only_those_exceptions_again_that_the_policy_names) {
    const TaskOptions options{.retry = {.max = 5, .only = exceptions<std::range_error, std::logic_error>()}};
    EXPECT_TRUE(std::holds_alternative<Retried>(of(std::range_error{"named"}, options)));
    EXPECT_TRUE(std::holds_alternative<Retried>(of(std::invalid_argument{"derived from one"}, options)));
    EXPECT_TRUE(std::holds_alternative<Failed>(of(std::runtime_error{"not named"}, options)));
    EXPECT_TRUE(std::holds_alternative<Failed>(of(42, options)));
}

TEST_F(Verdict, does_not_try_those_again_that_the_policy_excludes) {
    const TaskOptions options{
        .retry = {.max = 5, .only = exceptions<std::exception>(), .never = exceptions<std::logic_error>()}};
    EXPECT_TRUE(std::holds_alternative<Retried>(of(std::runtime_error{"boom"}, options)));
    EXPECT_TRUE(std::holds_alternative<Failed>(of(std::out_of_range{"excluded"}, options)));
}

TEST_F(Verdict, tries_again_when_the_handler_asks_whatever_the_policy_names) {
    const TaskOptions options{.retry = {.max = 5, .only = exceptions<std::range_error>()}};
    EXPECT_TRUE(std::holds_alternative<Retried>(of(RetryRequested{.countdown = 1s, .why = {}}, options)));
}

TEST_F(Verdict, rejects_as_the_handler_asks) {
    EXPECT_TRUE(std::get<Rejected>(of(RejectRequested{.requeue = true}, {})).requeue);
    EXPECT_FALSE(std::get<Rejected>(of(RejectRequested{.requeue = false}, {.retry = {.max = 5}})).requeue);
}

TEST_F(Verdict, treats_a_thrown_thing_that_is_no_exception_as_a_failure) {
    EXPECT_EQ(std::get<Failed>(of(42, {})).fault.type, "int");
}

TEST(RetryPause, doubles_the_pause_up_to_its_bound) {
    const RetryPolicy policy{.max = 10, .backoff = 1s, .backoff_max = 5s};
    EXPECT_EQ(retry_pause(policy, 0, 0.9), 1s);
    EXPECT_EQ(retry_pause(policy, 1, 0.9), 2s);
    EXPECT_EQ(retry_pause(policy, 2, 0.9), 4s);
    EXPECT_EQ(retry_pause(policy, 3, 0.9), 5s);
    EXPECT_EQ(retry_pause(policy, 1'000'000, 0.9), 5s);
}

TEST(RetryPause, waits_the_same_each_time_without_backoff) {
    const RetryPolicy policy{.max = 3, .countdown = 7s};
    EXPECT_EQ(retry_pause(policy, 0, 0.5), 7s);
    EXPECT_EQ(retry_pause(policy, 2, 0.5), 7s);
}

TEST(RetryPause, waits_anything_from_nothing_to_all_with_full_jitter) {
    const RetryPolicy policy{.max = 3, .backoff = 8s, .jitter = 1};
    EXPECT_EQ(retry_pause(policy, 0, 0.0), 0s);
    EXPECT_EQ(retry_pause(policy, 0, 0.5), 4s);
}

TEST(RetryPause, keeps_the_fixed_share_with_half_jitter) {
    const RetryPolicy policy{.max = 3, .backoff = 8s, .jitter = 0.5};
    EXPECT_EQ(retry_pause(policy, 0, 0.0), 4s);
    EXPECT_EQ(retry_pause(policy, 0, 0.5), 6s);
}

}  // namespace
}  // namespace samovar::task
