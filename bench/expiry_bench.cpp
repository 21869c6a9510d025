// Unpaid orders that expire: 100,000 of three items each, by the size of a batch; on PostgreSQL also beside
// checkouts.
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
constexpr auto checkouts_every = 20ms;

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

    /// One customer who orders again and again, until told to stop; returns how often.
    asio::awaitable<std::int64_t> keep_ordering(std::stop_token stop) {
        services::OrderServices services{
            {"http://shop", "http://shop", "shop@shop", {}}, *database_, clock_, [] {}};
        asio::steady_timer pause{loop_};
        std::int64_t placed = 0;
        for (; !stop.stop_requested(); ++placed) {
            co_await database_->transaction([this](db::Session session) -> asio::awaitable<void> {
                const auto cart = co_await db::open_cart(session, domain::Customer{1}, clock_.now());
                for (std::int64_t sku = 1; sku <= 3; ++sku) co_await db::put_line(session, cart, sku, 1);
            });
            co_await services.checkout.place(
                {.user_id = 1, .contact = {"Anna", "Ivanova", std::nullopt, "+79123456789", "anna@example.com"}});
            pause.expires_after(checkouts_every);
            co_await pause.async_wait(asio::use_awaitable);
        }
        co_return placed;
    }

    /// Units that are neither on the shelf nor reserved, and reserved ones without an order: none.
    void require_conserved() {
        const auto wrong = run(database_->read([](db::Session session) -> asio::awaitable<std::size_t> {
            const auto rows = co_await session.query(
                "SELECT s.id FROM skus s LEFT JOIN (SELECT i.sku_id, CAST(sum(i.quantity) AS BIGINT) AS held "
                "FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.status = 'awaiting_payment' "
                "GROUP BY i.sku_id) h ON h.sku_id = s.id "
                "WHERE s.quantity + s.reserved_quantity <> $1 OR s.reserved_quantity <> COALESCE(h.held, 0)",
                units);
            co_return rows.size();
        }));
        if (wrong != 0) std::abort();
    }

private:
    void execute(std::string sql) {
        run(database_->transaction(
            [sql = std::move(sql), now = clock_.now()](db::Session session) -> asio::awaitable<void> {
                if (sql.find("$1") == std::string::npos)
                    co_await session.exec(sql);
                else
                    co_await session.exec(sql, now);
            }));
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

    testing::TemporaryFolder folder_;

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

void expire_all(benchmark::State& state, config::DatabaseKind kind, bool beside_checkouts) {
    for (auto _ : state) {
        state.PauseTiming();
        Shop shop{kind};
        services::OrderExpiry expiry{
            {.payment_timeout = 30min, .batch = state.range(0)}, *shop.database_, shop.clock_};
        std::stop_source done;
        std::future<std::int64_t> placed;
        if (beside_checkouts)
            placed = asio::co_spawn(shop.loop_, shop.keep_ordering(done.get_token()), asio::use_future);
        state.ResumeTiming();
        const auto cancelled = shop.run(expire(&expiry, done));
        state.PauseTiming();
        if (cancelled != orders) std::abort();
        shop.require_conserved();
        if (beside_checkouts) state.counters["checkouts"] = static_cast<double>(placed.get());
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * orders);
}

void expire_on_sqlite(benchmark::State& state) { expire_all(state, config::DatabaseKind::sqlite, false); }
void expire_on_postgresql(benchmark::State& state) { expire_all(state, config::DatabaseKind::postgresql, false); }
void expire_beside_checkouts(benchmark::State& state) {
    expire_all(state, config::DatabaseKind::postgresql, true);
}

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
BENCHMARK(expire_beside_checkouts)
    ->Arg(500)
    ->Arg(2'000)
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
