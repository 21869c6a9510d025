#include "task/limits.hpp"

#include <stdexcept>

#include <gmock/gmock.h>
#include <boost/describe.hpp>
#include <samovar/app.hpp>
#include <samovar/error.hpp>

#include "task/app_impl.hpp"

namespace samovar::task {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Property;
using ::testing::ThrowsMessage;

struct None {};
BOOST_DESCRIBE_STRUCT(None, (), ())

auto spacing_of(std::string rate) { return limit_of("shop", "mail", {.rate = std::move(rate)}).value().spacing; }

TEST(LimitRate, is_read_as_celery_reads_it) {
    EXPECT_EQ(spacing_of("10/m"), 6s);
    EXPECT_EQ(spacing_of("10/s"), 100ms);
    EXPECT_EQ(spacing_of("10"), 100ms);
    EXPECT_EQ(spacing_of("0.5/s"), 2s);
    EXPECT_EQ(spacing_of("3600/h"), 1s);
}

TEST(LimitRate, names_what_is_allowed_when_it_cannot_be_read) {
    for (const auto* rate : {"often", "10/d", "10/", "/m", "-1/s", "0/s", "10 / m", "nan", "inf", "1e-30/h"})
        EXPECT_THAT([&] { spacing_of(rate); }, ThrowsMessage<std::invalid_argument>(HasSubstr("such as 10/m")))
            << rate;
}

TEST(TaskLimits, are_none_for_a_task_that_asks_for_none) { EXPECT_THAT(limits_of("shop", "mail", {}), IsEmpty()); }

TEST(TaskLimits, are_asked_with_exclusiveness_first_whose_number_is_the_fence) {
    const auto limits =
        limits_of("shop", "mail", {.exclusive = Exclusive::skip, .limit = {.at_once = 4, .rate = "10/m"}});
    EXPECT_THAT(limits, ElementsAre(broker::Limit{.name = "exclusive:shop:mail", .at_once = 1, .skip = true},
                                    broker::Limit{.name = "limit:shop:mail", .at_once = 4, .spacing = 6s}));
}

TEST(TaskLimits, of_a_queue_come_after_the_tasks_own) {
    App app{"shop", {.broker_url = "memory://", .queue_limits = {{"slow", {.at_once = 2}}}}};
    app.task<None>("mail", [](const None&) {}, {.limit = {.at_once = 1}});
    const auto& registry = app.impl().registry();
    const auto& definition = *registry.find("mail");
    EXPECT_THAT(registry.limits(definition, "slow"),
                ElementsAre(broker::Limit{.name = "limit:shop:mail", .at_once = 1},
                            broker::Limit{.name = "limit:shop:slow", .at_once = 2}));
    EXPECT_EQ(registry.limits(definition, "celery").size(), 1U);
}

TEST(TaskLimits, that_cannot_be_kept_are_refused_by_name) {
    App app{"shop", {.broker_url = "memory://", .queue_limits = {{"mail", {.at_once = 2}}}}};
    EXPECT_THAT(([&] { app.task<None>("a", [](const None&) {}, {.limit = {.rate = "x"}}); }),
                ThrowsMessage<std::invalid_argument>(HasSubstr("task a: limit.rate is 'x'")));
    EXPECT_THAT(([&] { app.task<None>("mail", [](const None&) {}, {.limit = {.at_once = 1}}); }),
                ThrowsMessage<std::invalid_argument>(HasSubstr("a queue of that name")));
    const AppOptions unreadable{.broker_url = "memory://", .queue_limits = {{"q", {.rate = "x"}}}};
    EXPECT_THAT(([&] { App("shop", unreadable); }),
                ThrowsMessage<ConfigurationError>(HasSubstr("queue_limits of queue q")));
}

}  // namespace
}  // namespace samovar::task
