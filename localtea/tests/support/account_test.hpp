// Endpoints over a real database and without a socket, with accounts to sign in to.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "api/context.hpp"
#include "api/endpoints.hpp"
#include "api/signed_in.hpp"
#include "db/outbox.hpp"
#include "services/account_services.hpp"
#include "services/account_upkeep.hpp"
#include "services/readiness.hpp"
#include "support/api_test.hpp"
#include "support/browser.hpp"
#include "support/mail_in.hpp"

namespace localtea::testing {

/// Destroyed after the database that a test's base class holds.
struct HoldsClients {
    ClientPool clients;
};

/// Base of suites for both databases.
class AccountTest : private HoldsClients, public ApiTest<> {
protected:
    static constexpr std::string_view password = "correct horse";

    explicit AccountTest(services::SessionSettings sessions = {.refresh_token_lifetime = std::chrono::hours{24 *
                                                                                                            7}})
        : accounts({.api_base_url = "http://shop.test",
                    .secret_key = "a secret of forty bytes for these tests.",
                    .access_token_lifetime = std::chrono::minutes{30},
                    .csrf_secret_key = "another secret",
                    .sessions = sessions,
                    .hashing = {.threads = 1, .passes = 1, .memory = 8192}},
                   *database_, outbox_service, clock_) {
        migrate();
        api::provide_signed_in(api_, context);
        api::add_user_endpoints(api_, context);
        api::add_session_endpoints(api_, context);
        api::add_profile_endpoints(api_, context);
        api::add_password_endpoints(api_, context);
        serve();
    }

    static std::string address_of(const std::string& name) { return name + "@example.com"; }
    static samovar::Value registration(const std::string& name) {
        return samovar::Object{{"email", address_of(name)}, {"username", name}, {"password", password}};
    }
    /// Errors: std::logic_error when there is no such text.
    static std::string text(const samovar::Value& object, std::string_view name) {
        const auto* value = object.find(name);
        const auto* found = value ? value->if_string() : nullptr;
        if (!found) throw std::logic_error("no text " + std::string{name});
        return *found;
    }

    web::testing::Reply post(std::string_view path, samovar::Value body) {
        return client_.post("/api/v1/user" + std::string{path}, {.json = std::move(body)});
    }
    web::testing::Reply log_in(std::string word = std::string{password}) {
        return post("/login", samovar::Object{{"email", "anna@example.com"}, {"password", std::move(word)}});
    }

    /// Takes what waits in the outbox.
    std::vector<db::OutboxMessage> outbox() {
        return in_database([this](db::Session session) {
            return db::claim_outbox(session, "claim" + std::to_string(++claims_), 100, clock_.now());
        });
    }
    /// The arguments of the mails in the outbox, taken.
    std::vector<samovar::Value> mails() {
        std::vector<samovar::Value> all;
        for (const auto& row : outbox()) all.push_back(mail_in(row));
        return all;
    }
    /// The token in the newest mail that has one.
    std::string mailed_token() {
        std::string token;
        for (const auto& mail : mails())
            if (mail.find("environment")->find("token")) token = text(*mail.find("environment"), "token");
        return token;
    }

    static std::string confirmation(const std::string& token) {
        return "/api/v1/user/confirm-email?token=" + token;
    }
    void register_and_confirm(const std::string& name = "anna") {
        post("/registration", registration(name));
        ASSERT_EQ(client_.post(confirmation(mailed_token())).status, 200);
    }
    Browser new_browser() { return {api_, clients}; }
    /// Registers, confirms and signs in.
    Browser customer(const std::string& name) {
        register_and_confirm(name);
        return sign_in(name);
    }
    Browser sign_in(const std::string& name) {
        auto browser = new_browser();
        EXPECT_EQ(browser.log_in(address_of(name), password).status, 200);
        return browser;
    }

    int nudges = 0;
    services::Outbox outbox_service{clock_, [this] { ++nudges; }};
    services::AccountServices accounts;
    services::Carts carts{*database_, clock_};
    services::AccountUpkeep upkeep{*database_, clock_};
    samovar::App app{"test", {.broker_url = "memory://"}};
    services::Readiness readiness{*database_, app};
    services::LoadMeter load{*database_, accounts.hasher, app, clock_};
    metrics::Metrics metrics;
    samovar::limits::Limiter limiter{context_.get_executor(), {.store_url = "memory://"}};
    api::RateLimits limits{{.enabled = false}, limiter, metrics, clock_};
    api::Context context{.accounts = accounts,
                         .carts = carts,
                         .readiness = readiness,
                         .load = load,
                         .metrics = metrics,
                         .limits = limits,
                         .api_base_url = "http://shop.test",
                         .may_see_details = [](const samovar::net::Address&) { return true; },
                         .mail_folder = {},
                         .origins = api::Origins{{"http://shop.test", "https://storefront.test"}}};

private:
    int claims_ = 0;
};

}  // namespace localtea::testing
