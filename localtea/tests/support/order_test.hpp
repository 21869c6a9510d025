// A shop with customers and one SKU for sale, on each of the two kinds of database.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <samovar/json.hpp>

#include "db/carts.hpp"
#include "db/orders.hpp"
#include "db/outbox.hpp"
#include "db/users.hpp"
#include "services/order_services.hpp"
#include "support/concurrently.hpp"
#include "support/database_test.hpp"
#include "support/mail_in.hpp"
#include "support/sign_webhook.hpp"
#include "support/tea.hpp"

namespace localtea::testing {

/// Units of the SKU: on the shelf, held by unpaid orders.
struct Stock {
    std::int64_t quantity = 0;
    std::int64_t reserved = 0;

    friend bool operator==(const Stock&, const Stock&) = default;
};

/// The SKU costs 450.00 (500.00 less 50.00), weighs 100 g, and there are 10 of it.
class OrderTest : public DatabaseTest {
protected:
    OrderTest() {
        migrate();
        sku_ = transaction([](db::Session session) -> asio::awaitable<std::int64_t> {
            const auto shelf = co_await db::add_category(session, category("teas"));
            co_return co_await add_for_sale(session, product("long-jing", shelf));
        });
        anna_ = add_customer("anna");
    }

    std::int64_t add_customer(const std::string& name) {
        const domain::Profile profile{.email = name + "@example.com", .username = name};
        return transaction([=, now = clock_.now()](db::Session session) -> asio::awaitable<std::int64_t> {
            co_return std::get<domain::User>(co_await db::insert_user(session, profile, "", now)).id;
        });
    }

    void put_into_cart(std::int64_t user_id, std::int64_t units, std::optional<std::int64_t> sku = {}) {
        transaction(
            [=, now = clock_.now(), id = sku.value_or(sku_)](db::Session session) -> asio::awaitable<void> {
                const auto cart = co_await db::open_cart(session, domain::Customer{user_id}, now);
                co_await db::put_line(session, cart, id, units);
            });
    }

    static services::CheckoutRequest request_of(std::int64_t user_id) {
        return {.user_id = user_id,
                .contact = {.firstname = "Анна",
                            .lastname = "Иванова",
                            .middlename = std::nullopt,
                            .phone = "+79123456789",
                            .email = "anna@example.com"},
                .request_id = "request-1"};
    }

    domain::Order place(std::int64_t user_id, std::int64_t units) {
        put_into_cart(user_id, units);
        return run(services_.checkout.place(request_of(user_id)));
    }

    /// The name of the error that `work` throws; empty: none.
    template <class Work>
    std::optional<services::Errc> refusal(Work work) {
        try {
            run(std::move(work));
            return std::nullopt;
        } catch (const services::Error& error) {
            last_refusal_ = error.what();
            return error.kind();
        }
    }

    /// What the sandbox says of this order's payment.
    std::string notice(const domain::Order& order, std::string event, std::string type,
                       std::optional<std::int64_t> amount = {}, std::optional<std::int64_t> order_id = {}) {
        const auto payment = order.payment_url.value().substr(order.payment_url->rfind('/') + 1);
        return samovar::json::dump_compact(
            samovar::Object{{"event_id", std::move(event)},
                            {"type", "payment." + std::move(type)},
                            {"payment_id", payment},
                            {"order_id", order_id.value_or(order.id)},
                            {"amount_cents", amount.value_or(order.totals.to_pay.in_kopecks())}});
    }

    services::RawNotice signed_notice(std::string body, std::string_view secret = "current") {
        return {.provider = "sandbox",
                .signature = sign_webhook(body, clock_.now(), secret),
                .body = std::move(body),
                .request_id = "request-2"};
    }

    /// What a notice brings about; nothing when it is a repetition.
    std::optional<domain::NoticeEffect> tell(std::string body) {
        return run(services_.payments.receive(signed_notice(std::move(body))));
    }

    Stock stock() {
        return read([id = sku_](db::Session session) -> asio::awaitable<Stock> {
            const auto rows =
                co_await session.query("SELECT quantity, reserved_quantity FROM skus WHERE id = $1", id);
            co_return Stock{rows[0].get<std::int64_t>("quantity"), rows[0].get<std::int64_t>("reserved_quantity")};
        });
    }

    /// "status/flag" of the order's payment.
    std::string payment_of(std::int64_t order_id) {
        return read([order_id](db::Session session) -> asio::awaitable<std::string> {
            const auto rows =
                co_await session.query("SELECT status, flag FROM payments WHERE order_id = $1", order_id);
            co_return rows[0].get<std::string>("status") + "/" + rows[0].get<std::string>("flag");
        });
    }

    domain::OrderStatus status_of(std::int64_t order_id) {
        return read([order_id](db::Session session) -> asio::awaitable<domain::OrderStatus> {
            co_return (co_await db::find_order_state(session, order_id)).value().status;
        });
    }

    std::int64_t count(const std::string& table) {
        return read(
            [sql = "SELECT count(*) AS n FROM " + table](db::Session session) -> asio::awaitable<std::int64_t> {
                co_return (co_await session.query(sql))[0].get<std::int64_t>("n");
            });
    }

    /// The arguments of the mails that wait in the outbox, which takes them.
    std::vector<samovar::Value> mails() {
        const auto claimed =
            transaction([claim = fmt::format("claim{}", ++claims_), now = clock_.now()](db::Session session) {
                return db::claim_outbox(session, claim, 1'000, now);
            });
        std::vector<samovar::Value> arguments;
        for (const auto& message : claimed) arguments.push_back(mail_in(message));
        return arguments;
    }

    services::OrderSettings settings() const {
        return {.base_url = "http://shop.test",
                .api_base_url = "http://api.shop.test",
                .shop_email = "shop@shop.test",
                .webhook_secrets = {"current", "previous"}};
    }

    std::int64_t sku_ = 0;
    std::int64_t anna_ = 0;
    int nudges_ = 0;
    services::Outbox outbox_{clock_, [this] { ++nudges_; }};
    services::OrderServices services_{settings(), *database_, outbox_, clock_};
    std::string last_refusal_;

private:
    int claims_ = 0;
};

}  // namespace localtea::testing
