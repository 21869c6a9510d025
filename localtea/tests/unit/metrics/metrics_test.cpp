#include "metrics/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace localtea::metrics {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

web::Observation answer(std::string_view route, int status, std::chrono::nanoseconds duration = 2ms) {
    return {.method = web::Method::get, .route = route, .status = status, .duration = duration, .request_id = "r"};
}

TEST(Metrics, counts_requests_by_method_route_and_status) {
    Metrics metrics;
    for (const int status : {200, 200, 404}) {
        metrics.request_started();
        metrics.request_finished(answer("/orders/{id}", status));
    }
    const auto text = metrics.text({});
    EXPECT_THAT(text,
                HasSubstr(R"(localtea_http_requests_total{method="GET",route="/orders/{id}",status="200"} 2)"));
    EXPECT_THAT(text,
                HasSubstr(R"(localtea_http_requests_total{method="GET",route="/orders/{id}",status="404"} 1)"));
    EXPECT_THAT(text, HasSubstr("localtea_http_requests_running 0"));
}

TEST(Metrics, a_duration_falls_into_its_bucket_and_all_above) {
    Metrics metrics;
    metrics.request_started();
    metrics.request_finished(answer("/a", 200, 2ms));
    const auto text = metrics.text({});
    const std::string bucket = R"(localtea_http_request_duration_seconds_bucket{method="GET",route="/a",le=")";
    EXPECT_THAT(text, HasSubstr(bucket + "0.001\"} 0"));
    EXPECT_THAT(text, HasSubstr(bucket + "0.0025\"} 1"));
    EXPECT_THAT(text, HasSubstr(bucket + "+Inf\"} 1"));
}

TEST(Metrics, requests_and_connections_under_way_are_gauges) {
    Metrics metrics;
    metrics.connection_opened();
    metrics.connection_opened();
    metrics.connection_closed();
    metrics.request_started();
    EXPECT_THAT(metrics.text({}), HasSubstr("localtea_http_connections 1"));
    EXPECT_THAT(metrics.text({}), HasSubstr("localtea_http_requests_running 1"));
}

TEST(Metrics, decisions_of_the_limiter_are_counted_by_policy) {
    Metrics metrics;
    metrics.limit_decided("login", "refused");
    metrics.limit_decided("login", "refused");
    EXPECT_THAT(metrics.text({}),
                HasSubstr(R"(localtea_rate_limit_decisions_total{decision="refused",policy="login"} 2)"));
}

TEST(Metrics, what_waits_in_redis_is_not_a_number_while_redis_is_away) {
    Metrics metrics;
    samovar::Backlog backlog{.queued = {{"celery", 2}, {"main-queue", 0}}, .delayed = 3, .overdue = 1, .dead = 4};
    backlog.lateness = 1500ms;
    auto text = metrics.text({.backlog = backlog});
    EXPECT_THAT(text, HasSubstr(R"(localtea_tasks_queued{queue="celery"} 2)"));
    EXPECT_THAT(text, HasSubstr(R"(localtea_tasks_queued{queue="main-queue"} 0)"));
    EXPECT_THAT(text, HasSubstr("localtea_tasks_delayed 3"));
    EXPECT_THAT(text, HasSubstr("localtea_tasks_overdue 1"));
    EXPECT_THAT(text, HasSubstr("localtea_tasks_overdue_oldest_seconds 1.5"));
    EXPECT_THAT(text, HasSubstr("localtea_dead_letters 4"));
    text = metrics.text({});
    EXPECT_THAT(text, HasSubstr(R"(localtea_tasks_queued{queue="celery"} Nan)"));
    EXPECT_THAT(text, HasSubstr("localtea_tasks_delayed Nan"));
}

TEST(Metrics, a_sample_is_the_present_state) {
    Metrics metrics;
    metrics.text({.outbox_waiting = 7});
    const auto text =
        metrics.text({.outbox_waiting = 3, .outbox_age = 1500ms, .outbox_put_aside = 2, .hashes_waiting = 2});
    EXPECT_THAT(text, HasSubstr("localtea_outbox_waiting 3"));
    EXPECT_THAT(text, HasSubstr("localtea_outbox_oldest_seconds 1.5"));
    EXPECT_THAT(text, HasSubstr("localtea_outbox_put_aside 2"));
    EXPECT_THAT(text, HasSubstr("localtea_password_hashes_waiting 2"));
}

TEST(Metrics, the_request_id_is_no_label) {
    Metrics metrics;
    metrics.request_started();
    metrics.request_finished(
        {.method = web::Method::get, .route = "/a", .status = 200, .duration = 1ms, .request_id = "secret-id"});
    EXPECT_THAT(metrics.text({}), Not(HasSubstr("secret-id")));
}

}  // namespace
}  // namespace localtea::metrics
