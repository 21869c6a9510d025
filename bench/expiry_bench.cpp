// Unpaid orders that expire: 100,000 of three items each, by the size of a batch; on PostgreSQL also beside
// checkouts and payments.
#include <cstdlib>
#include <stop_token>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <samovar/testing/manual_clock.hpp>

#include "db/carts.hpp"
#include "db/migrator.hpp"
#include "services/order_expiry.hpp"
#include "services/order_services.hpp"
#include "support/postgres_server.hpp"
#include "support/temporary_folder.hpp"

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using namespace localtea;

constexpr int orders = 100'000;
constexpr int skus = 90;
constexpr int units = 10'000'000;
constexpr auto shopping_every = 20ms;

/// What went on beside the expiry.
struct Beside {
    std::int64_t placed = 0;
    std::int64_t paid = 0;
    std::int64_t to_refund = 0;
};

/// A database with the orders, all of them of long ago.
class Shop {
public:
    explicit Shop(config::DatabaseKind kind)
        : database_(db::open_database(loop_.get_executor(),
                                      kind == config::DatabaseKind::sqlite
                                          ? config::DatabaseUrl{kind, folder_.path() / "shop.db", {}}
                                          : testing::PostgresServer::shared().create_schema())) {
        run(db::migrate(*database_, clock_));
        fill();
        clock_.advance(1h);
    }

    template <class T>
    T run(asio::awaitable<T> work) {
        loop_.restart();
        auto result = asio::co_spawn(loop_, std::move(work), asio::use_future);
        loop_.run();
        return result.get();
    }

    /// Customers who order, and pay for orders that are about to expire, until told to stop.
    asio::awaitable<Beside> keep_shopping(std::stop_token stop) {
        const services::Outbox outbox{clock_};
        services::OrderServices services{{.base_url = "http://shop",
                                          .api_base_url = "http://shop",
                                          .shop_email = "shop@shop",
                                          .webhook_secrets = {}},
                                         *database_,
                                         outbox,
                                         clock_};
        asio::steady_timer pause{loop_};
        Beside done;
        for (std::int64_t turn = 0; !stop.stop_requested(); ++turn) {
            pause.expires_after(shopping_every);
            co_await place(&services.checkout);
            ++done.placed;
            // From both ends, so that some are expired already and some not yet.
            const auto effect = co_await services.payments.apply(notice(turn % 2 ? orders - turn : turn + 1));
            if (effect == domain::NoticeEffect::pay) ++done.paid;
            if (effect == domain::NoticeEffect::refund) ++done.to_refund;
            co_await pause.async_wait(asio::use_awaitable);
        }
        co_return done;
    }

    /// Every unit is on the shelf, held by an order that awaits payment, or sold with one that was paid; and every
    /// order's payment says what the order says.
    void require_conserved() {
        const auto wrong = run(database_->read([](db::Session session) -> asio::awaitable<std::size_t> {
            const auto stock = co_await session.query(
                "SELECT s.id FROM skus s LEFT JOIN (SELECT i.sku_id, "
                "CAST(sum(CASE WHEN o.status = 'awaiting_payment' THEN i.quantity ELSE 0 END) AS BIGINT) AS held, "
                "CAST(sum(CASE WHEN o.status = 'paid' THEN i.quantity ELSE 0 END) AS BIGINT) AS sold "
                "FROM order_items i JOIN orders o ON o.id = i.order_id GROUP BY i.sku_id) t ON t.sku_id = s.id "
                "WHERE s.quantity + s.reserved_quantity + t.sold <> $1 OR s.reserved_quantity <> t.held",
                units);
            const auto payments = co_await session.query(
                "SELECT o.id FROM orders o JOIN payments p ON p.order_id = o.id WHERE NOT ("
                "o.status = 'awaiting_payment' AND p.status = 'pending' OR "
                "o.status = 'paid' AND p.status = 'succeeded' AND p.flag = 'none' OR "
                "o.status = 'cancelled' AND (p.status = 'failed' OR p.status = 'succeeded' AND p.flag = "
                "'refund'))");
            co_return stock.size() + payments.size();
        }));
        if (wrong != 0) std::abort();
    }

private:
    asio::awaitable<void> place(services::Checkout* checkout) {
        co_await database_->transaction([this](db::Session session) -> asio::awaitable<void> {
            const auto cart = co_await db::open_cart(session, domain::Customer{1}, clock_.now());
            for (std::int64_t sku = 1; sku <= 3; ++sku) co_await db::put_line(session, cart, sku, 1);
        });
        co_await checkout->place(
            {.user_id = 1, .contact = {"Anna", "Ivanova", std::nullopt, "+79123456789", "anna@example.com"}});
    }

    static services::RawNotice notice(std::int64_t order) {
        return {.provider = "sandbox",
                .body = fmt::format(R"({{"event_id":"e{0}","type":"payment.succeeded","payment_id":"p{0}",)"
                                    R"("order_id":{0},"amount_cents":150000}})",
                                    order)};
    }

    void execute(std::string sql) {
        const bool with_time = sql.find("$1") != std::string::npos;
        const auto body = [sql = std::move(sql), with_time, this](db::Session session) -> asio::awaitable<void> {
            if (with_time)
                co_await session.exec(sql, clock_.now());
            else
                co_await session.exec(sql);
        };
        run(database_->transaction(body, {.statement_limit = 0ms}));
    }

    void fill() {
        const auto numbers = [](int count) {
            return fmt::format("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) ",
                               count);
        };
        execute(
            "INSERT INTO users (email, username, password_hash, created_at, updated_at) VALUES ('a', 'a', '', $1, "
            "$1)");
        execute("INSERT INTO categories (name, slug) VALUES ('tea', 'tea')");
        execute(
            "INSERT INTO products (category_id, title, slug, search_text, created_at) VALUES (1, 'tea', 'tea', "
            "'tea', $1)");
        execute(numbers(skus) +
                fmt::format("INSERT INTO skus (product_id, sku_code, weight, price_cents, quantity) "
                            "SELECT 1, 'sku' || i, 100, 50000, {} FROM n",
                            units));
        execute(
            numbers(orders) +
            "INSERT INTO orders (user_id, status, goods_cents, discount_cents, delivery_cents, to_pay_cents, "
            "delivery_method, firstname, lastname, phone, email, created_at, updated_at) "
            "SELECT 1, 'awaiting_payment', 150000, 0, 0, 150000, 'pickup', 'A', 'B', '+7', 'a@b', $1, $1 FROM n");
        execute(fmt::format(
            "INSERT INTO order_items (order_id, sku_id, title, sku_info, price_cents, discount_cents, "
            "quantity) SELECT o.id, (o.id + k.n * 30) % {} + 1, 'tea', '100g', 50000, 0, 1 FROM orders o, "
            "(SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2) k",
            skus));
        execute(
            "INSERT INTO payments (order_id, provider, external_id, url, amount_cents, status, flag, created_at, "
            "updated_at) SELECT id, 'sandbox', 'p' || id, 'u', 150000, 'pending', 'none', $1, $1 FROM orders");
        execute(
            "UPDATE skus SET reserved_quantity = h.n, quantity = quantity - h.n FROM (SELECT sku_id, "
            "CAST(sum(quantity) AS BIGINT) AS n FROM order_items GROUP BY sku_id) AS h WHERE h.sku_id = skus.id");
        if (database_->dialect() == db::Dialect::postgresql) execute("ANALYZE");
    }

    samovar::testing::TemporaryFolder folder_;

public:
    asio::io_context loop_;
    samovar::testing::ManualClock clock_;
    std::unique_ptr<db::Database> database_;
};

asio::awaitable<std::int64_t> expire(services::OrderExpiry* expiry, std::stop_source done) {
    const auto count = co_await expiry->cancel_expired_orders({});
    done.request_stop();
    co_return count;
}

void expire_all(benchmark::State& state, config::DatabaseKind kind, bool beside_shopping) {
    for (auto _ : state) {
        state.PauseTiming();
        Shop shop{kind};
        services::OrderExpiry expiry{
            {.payment_timeout = 30min, .batch = state.range(0)}, *shop.database_, shop.clock_};
        std::stop_source done;
        std::future<Beside> shopping;
        if (beside_shopping)
            shopping = asio::co_spawn(shop.loop_, shop.keep_shopping(done.get_token()), asio::use_future);
        state.ResumeTiming();
        const auto cancelled = shop.run(expire(&expiry, done));
        state.PauseTiming();
        const auto beside = beside_shopping ? shopping.get() : Beside{};
        if (cancelled + beside.paid != orders) std::abort();
        shop.require_conserved();
        state.counters["placed"] = static_cast<double>(beside.placed);
        state.counters["paid"] = static_cast<double>(beside.paid);
        state.counters["to_refund"] = static_cast<double>(beside.to_refund);
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * orders);
}

void expire_on_sqlite(benchmark::State& state) { expire_all(state, config::DatabaseKind::sqlite, false); }
void expire_on_postgresql(benchmark::State& state) { expire_all(state, config::DatabaseKind::postgresql, false); }
void expire_beside_shopping(benchmark::State& state) { expire_all(state, config::DatabaseKind::postgresql, true); }

BENCHMARK(expire_on_sqlite)
    ->Arg(500)
    ->Arg(2'000)
    ->Arg(8'000)
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(expire_on_postgresql)
    ->Arg(500)
    ->Arg(2'000)
    ->Arg(8'000)
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(expire_beside_shopping)
    ->Arg(500)
    ->Arg(2'000)
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
