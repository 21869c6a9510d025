#include "services/order_expiry.hpp"

#include <gmock/gmock.h>

#include "support/gate.hpp"
#include "support/order_test.hpp"

namespace localtea::testing {
namespace {

using namespace std::chrono_literals;
using domain::OrderStatus;

class OrderExpiryTest : public OrderTest {
protected:
    std::int64_t expire(std::int64_t batch = 2, std::stop_token stop = {}) {
        services::OrderExpiry expiry{{.payment_timeout = 30min, .batch = batch}, *database_, clock_};
        return run(expiry.cancel_expired_orders(std::move(stop)));
    }

    std::vector<std::int64_t> place_many(int count) {
        std::vector<std::int64_t> ids;
        for (int i = 0; i < count; ++i) ids.push_back(place(anna_, 1).id);
        return ids;
    }
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, OrderExpiryTest, both_kinds(), kind_name);

TEST_P(OrderExpiryTest, orders_expire_when_their_time_has_passed_and_not_before) {
    const auto order = place(anna_, 2);
    clock_.advance(30min - 1us);
    EXPECT_EQ(expire(), 0);
    EXPECT_EQ(stock(), (Stock{8, 2}));
    clock_.advance(1us);
    EXPECT_EQ(expire(), 1);
    EXPECT_EQ(status_of(order.id), OrderStatus::cancelled);
    EXPECT_EQ(payment_of(order.id), "failed/none");
    EXPECT_EQ(stock(), (Stock{10, 0}));
    EXPECT_EQ(expire(), 0);
}

TEST_P(OrderExpiryTest, all_expire_however_many_batches_that_takes) {
    const auto ids = place_many(5);
    clock_.advance(30min);
    const auto young = place(anna_, 1);
    EXPECT_EQ(expire(2), 5);
    for (const auto id : ids) EXPECT_EQ(status_of(id), OrderStatus::cancelled);
    EXPECT_EQ(status_of(young.id), OrderStatus::awaiting_payment);
    EXPECT_EQ(stock(), (Stock{9, 1}));
}

TEST_P(OrderExpiryTest, what_is_paid_or_on_its_way_never_expires) {
    const auto order = place(anna_, 1);
    tell(notice(order, "e1", "succeeded"));
    clock_.advance(24h);
    EXPECT_EQ(expire(), 0);
    EXPECT_EQ(status_of(order.id), OrderStatus::paid);
    EXPECT_EQ(stock(), (Stock{9, 0}));
}

TEST_P(OrderExpiryTest, a_request_to_stop_is_heeded_between_batches) {
    place_many(3);
    clock_.advance(30min);
    std::stop_source stopping;
    stopping.request_stop();
    EXPECT_EQ(expire(2, stopping.get_token()), 0);
    EXPECT_EQ(stock(), (Stock{7, 3}));
}

TEST_P(OrderExpiryTest, several_instances_at_once_cancel_each_order_once) {
    place_many(9);
    clock_.advance(30min);
    std::vector<std::unique_ptr<db::Database>> processes;
    std::int64_t cancelled = 0;
    const auto expire_in = [&](db::Database* database) -> asio::awaitable<void> {
        services::OrderExpiry expiry{{.payment_timeout = 30min, .batch = 2}, *database, clock_};
        cancelled += co_await expiry.cancel_expired_orders({});
    };
    std::vector<asio::awaitable<void>> instances;
    for (int i = 0; i < 3; ++i) instances.push_back(expire_in(processes.emplace_back(open()).get()));
    run(concurrently(context_, std::move(instances)));
    EXPECT_EQ(cancelled, 9);
    EXPECT_EQ(stock(), (Stock{10, 0}));
}

/// SQLite's writers take turns: nobody else can be changing anything.
class OrderExpiryOnPostgresql : public OrderExpiryTest {};

INSTANTIATE_TEST_SUITE_P(Alone, OrderExpiryOnPostgresql, ::testing::Values(config::DatabaseKind::postgresql),
                         kind_name);

TEST_P(OrderExpiryOnPostgresql, an_order_that_somebody_else_changes_is_passed_over) {
    const auto ids = place_many(2);
    clock_.advance(30min);
    Gate locked{context_}, looked{context_};
    const auto other_process = open();
    const auto hold = [&]() -> asio::awaitable<void> {
        co_await other_process->transaction([&](db::Session session) -> asio::awaitable<void> {
            co_await db::lock_order(session, ids[0]);
            locked.open();
            co_await looked.wait();
        });
    };
    std::int64_t cancelled = 0;
    const auto look = [&]() -> asio::awaitable<void> {
        co_await locked.wait();
        services::OrderExpiry expiry{{.payment_timeout = 30min, .batch = 10}, *database_, clock_};
        cancelled = co_await expiry.cancel_expired_orders({});
        looked.open();
    };
    std::vector<asio::awaitable<void>> both;
    both.push_back(hold());
    both.push_back(look());
    run(concurrently(context_, std::move(both)));
    EXPECT_EQ(cancelled, 1);
    EXPECT_EQ(status_of(ids[0]), OrderStatus::awaiting_payment);
    EXPECT_EQ(expire(), 1);
}

TEST_P(OrderExpiryTest, an_order_whose_account_is_gone_forgets_whom_it_was_for) {
    const auto order = place(anna_, 1);
    execute("DELETE FROM users");
    const auto contact = [&] {
        return read([id = order.id](db::Session session) -> asio::awaitable<std::optional<domain::ContactInfo>> {
            co_return (co_await db::find_order(session, id)).value().contact;
        });
    };
    EXPECT_EQ(contact(), request_of(anna_).contact);
    clock_.advance(30min);
    EXPECT_EQ(expire(), 1);
    EXPECT_EQ(contact(), std::nullopt);
    EXPECT_EQ(stock(), (Stock{10, 0}));
}

TEST_P(OrderExpiryTest, idempotency_keys_are_forgotten_after_a_day) {
    put_into_cart(anna_, 1);
    run(services_.checkout.place_once(request_of(anna_), {"key", "digest"},
                                      [](const domain::Order&) { return std::string{"answer"}; }));
    clock_.advance(24h - 1us);
    expire();
    EXPECT_EQ(count("idempotency_keys"), 1);
    clock_.advance(1us);
    expire();
    EXPECT_EQ(count("idempotency_keys"), 0);
}

}  // namespace
}  // namespace localtea::testing
