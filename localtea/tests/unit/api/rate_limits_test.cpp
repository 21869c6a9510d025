// The shop's limits at endpoints of the same paths, counted in memory by a clock that the test moves.
#include "api/rate_limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/system_executor.hpp>
#include <samovar/testing/manual_clock.hpp>
#include <web/api.hpp>
#include <web/testing/client.hpp>

#include "metrics/metrics.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;
namespace limits = samovar::limits;

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view login = "/api/v1/user/login";

class RateLimitsTest : public ::testing::Test {
protected:
    static RateLimitSettings settings() {
        return {.login = limits::parse("3/minute;20/hour"),
                .refresh = limits::parse("2/minute"),
                .registration = limits::parse("5/minute;20/hour"),
                .others = {}};
    }

    explicit RateLimitsTest(RateLimitSettings wanted = settings(), std::string store = "memory://",
                            limits::OnStoreDown on_store_down = limits::OnStoreDown::local)
        : limiter_(
              asio::system_executor{},
              {.store_url = std::move(store), .on_store_down = on_store_down, .deadline = 1ms, .clock = &clock_}),
          limits_(std::move(wanted), limiter_, metrics_, clock_, [this](std::chrono::milliseconds time) {
              pauses.push_back(time);
              return nothing();
          }) {
        limits_.limit_others(api_);
        add(std::string{login}, Policy::login);
        add(std::string{login} + "/access-token", Policy::login);
        add("/api/v1/user/registration", Policy::registration);
        add("/api/v1/user/forgot-password", Policy::forgot_password);
        add("/api/v1/user/change-password", Policy::password);
        add("/api/v1/elsewhere", Policy::login);
        api_.get("/api/v1/catalog/products/{slug}", [] { return web::Response::text("tea"); });
        api_.post("/api/v1/webhooks/payment/sandbox", [] { return web::Response::text("noted"); });
        api_.get("/livez", [] { return web::Response::text("alive"); });
    }

    static asio::awaitable<void> nothing() { co_return; }

    // The account is what the body says.
    void add(std::string path, Policy policy) {
        api_.post(path, [this, policy](web::RequestPtr request) { return serve(&limits_, request, policy); });
    }
    static asio::awaitable<web::Response> serve(const RateLimits* limits, web::RequestPtr request, Policy policy) {
        co_await limits->admit(request, policy, request->body);
        co_return web::Response::text("served");
    }

    web::testing::Reply post(std::string_view path, std::string account = {}, std::string peer = "192.0.2.1") {
        return client.post(path, {.body = std::move(account), .peer = std::move(peer)});
    }
    std::vector<int> statuses(std::string_view path, int times, std::string peer = "192.0.2.1") {
        std::vector<int> seen;
        for (int i = 0; i < times; ++i) seen.push_back(post(path, {}, peer).status);
        return seen;
    }

    samovar::testing::ManualClock clock_;
    metrics::Metrics metrics_;
    limits::Limiter limiter_;
    RateLimits limits_;
    web::Api api_{{.access_log = false}, clock_};
    web::testing::Client client{api_};
    std::vector<std::chrono::milliseconds> pauses;
};

TEST_F(RateLimitsTest, the_fourth_login_within_a_minute_is_refused_in_slowapis_words) {
    EXPECT_THAT(statuses(login, 3), ElementsAre(200, 200, 200));
    clock_.advance(20s);
    const auto refused = post(login);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.body, R"({"error":"Rate limit exceeded: 3 per 1 minute"})");
    EXPECT_EQ(refused.header("Retry-After"), "40");
    EXPECT_EQ(refused.header("X-RateLimit-Limit"), "3");
    EXPECT_EQ(refused.header("X-RateLimit-Remaining"), "0");
    const auto reset = std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch()) + 40s;
    EXPECT_EQ(refused.header("X-RateLimit-Reset"), std::to_string(reset.count()));
    clock_.advance(41s);
    EXPECT_EQ(post(login).status, 200);
}

TEST_F(RateLimitsTest, the_longer_limit_of_a_policy_holds_too) {
    for (int minute = 0; minute < 6; ++minute, clock_.advance(61s)) EXPECT_EQ(post(login).status, 200);
    for (int minute = 0; minute < 7; ++minute, clock_.advance(61s))
        EXPECT_THAT(statuses(login, 2), ElementsAre(200, 200)) << minute;
    const auto refused = post(login);
    EXPECT_EQ(refused.status, 429);
    EXPECT_THAT(refused.body, HasSubstr("20 per 1 hour"));
}

TEST_F(RateLimitsTest, an_admitted_call_says_what_is_left_of_the_shortest_window) {
    const auto reply = post(login);
    EXPECT_EQ(reply.header("X-RateLimit-Limit"), "3");
    EXPECT_EQ(reply.header("X-RateLimit-Remaining"), "2");
    EXPECT_EQ(reply.header("Retry-After"), "");
}

TEST_F(RateLimitsTest, both_ways_to_log_in_share_one_count) {
    EXPECT_THAT(statuses(login, 2), ElementsAre(200, 200));
    EXPECT_THAT(statuses(std::string{login} + "/access-token", 2), ElementsAre(200, 429));
}

TEST_F(RateLimitsTest, other_clients_and_other_calls_are_counted_apart) {
    statuses(login, 4);
    EXPECT_EQ(post(login, {}, "192.0.2.2").status, 200);
    EXPECT_EQ(post("/api/v1/user/registration").status, 200);
}

TEST_F(RateLimitsTest, the_addresses_of_one_ipv6_network_are_one_client) {
    statuses(login, 2, "2001:db8:1:2::1");
    EXPECT_THAT(statuses(login, 2, "2001:db8:1:2:ffff::9"), ElementsAre(200, 429));
    EXPECT_EQ(post(login, {}, "2001:db8:1:3::1").status, 200);
}

TEST_F(RateLimitsTest, logins_to_one_account_from_everywhere_are_slowed_down_and_never_refused) {
    const auto from = [&](int client) {
        return post(login, "anna@example.com", "192.0.2." + std::to_string(client));
    };
    for (int client = 0; client < 5; ++client) EXPECT_EQ(from(client).status, 200);
    EXPECT_THAT(pauses, IsEmpty());
    for (int client = 5; client < 30; ++client) EXPECT_EQ(from(client).status, 200);
    EXPECT_EQ(pauses.size(), 25U);
    EXPECT_THAT(pauses, ::testing::Each(5s)) << "no login waits longer";
    clock_.advance(58s);
    pauses.clear();
    from(30);
    EXPECT_THAT(pauses, ElementsAre(2s)) << "nor beyond the window";
}

TEST_F(RateLimitsTest, an_address_in_another_spelling_is_the_same_account) {
    for (int client = 0; client < 5; ++client)
        post(login, "Anna@Example.com", "192.0.2." + std::to_string(client));
    post(login, "anna@example.com", "192.0.2.9");
    EXPECT_EQ(pauses.size(), 1U);
}

TEST_F(RateLimitsTest, password_tests_of_a_signed_in_customer_share_the_accounts_count_and_are_refused) {
    for (int client = 0; client < 5; ++client)
        post(login, "anna@example.com", "192.0.2." + std::to_string(client));
    const auto refused = post("/api/v1/user/change-password", "anna@example.com");
    EXPECT_EQ(refused.status, 429);
    EXPECT_THAT(refused.body, HasSubstr("5 per 1 minute"));
    EXPECT_EQ(post("/api/v1/user/change-password", "boris@example.com").status, 200);
}

TEST_F(RateLimitsTest, recovery_is_limited_by_client_and_by_account) {
    constexpr std::string_view path = "/api/v1/user/forgot-password";
    for (int i = 0; i < 3; ++i) EXPECT_EQ(post(path, "anna@example.com", "192.0.2.1").status, 200);
    EXPECT_EQ(post(path, "boris@example.com", "192.0.2.1").status, 429);
    EXPECT_EQ(post(path, "anna@example.com", "192.0.2.2").status, 429);
    EXPECT_EQ(post(path, "boris@example.com", "192.0.2.2").status, 200);
}

TEST_F(RateLimitsTest, an_endpoint_whose_path_the_policy_does_not_know_fails_loudly) {
    EXPECT_EQ(post("/api/v1/elsewhere").status, 500);
}

TEST_F(RateLimitsTest, every_decision_is_counted_without_saying_whose) {
    statuses(login, 4);
    const auto text = metrics_.text({});
    EXPECT_THAT(text, HasSubstr(R"({decision="allowed",policy="login"} 3)"));
    EXPECT_THAT(text, HasSubstr(R"({decision="refused",policy="login"} 1)"));
    EXPECT_THAT(text, ::testing::Not(HasSubstr("192.0.2")));
}

class DefaultLimitTest : public RateLimitsTest {
protected:
    static RateLimitSettings with_default() {
        auto wanted = settings();
        wanted.others = limits::parse("2/minute");
        return wanted;
    }
    DefaultLimitTest() : RateLimitsTest(with_default()) {}
    int get(std::string_view path) { return client.get(path).status; }
};

TEST_F(DefaultLimitTest, holds_for_each_path_without_limits_of_its_own) {
    EXPECT_EQ(get("/api/v1/catalog/products/sencha"), 200);
    EXPECT_EQ(get("/api/v1/catalog/products/sencha"), 200);
    EXPECT_EQ(get("/api/v1/catalog/products/sencha"), 429);
    EXPECT_EQ(get("/api/v1/catalog/products/oolong"), 200);
    EXPECT_THAT(statuses(login, 4), ElementsAre(200, 200, 200, 429));
}

TEST_F(DefaultLimitTest, spares_payment_notices_and_the_operators_pages) {
    EXPECT_THAT(statuses("/api/v1/webhooks/payment/sandbox", 3), ElementsAre(200, 200, 200));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(get("/livez"), 200);
}

class NoLimitsTest : public RateLimitsTest {
protected:
    NoLimitsTest() : RateLimitsTest({.enabled = false, .login = limits::parse("1/minute")}) {}
};

TEST_F(NoLimitsTest, nothing_is_refused_when_they_are_switched_off) {
    EXPECT_THAT(statuses(login, 3), ElementsAre(200, 200, 200));
    EXPECT_EQ(post(login).header("X-RateLimit-Limit"), "");
}

class DenyingTest : public RateLimitsTest {
protected:
    DenyingTest() : RateLimitsTest(settings(), "unix:///nowhere/redis.sock", limits::OnStoreDown::deny) {}
};

TEST_F(DenyingTest, a_store_that_is_down_and_was_to_deny_is_no_fault_of_the_clients) {
    const auto reply = post(login);
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.header("Retry-After"), "5");
}

}  // namespace
}  // namespace localtea::api
