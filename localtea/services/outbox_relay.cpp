#include "services/outbox_relay.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <samovar/error.hpp>
#include <samovar/log.hpp>
#include <samovar/uuid.hpp>

#include "db/error.hpp"
#include "db/outbox.hpp"

namespace localtea::services {
namespace {

namespace asio = boost::asio;

/// What became of the rows of one claim.
struct Outcome {
    std::vector<std::string> pushed;
    std::vector<db::Unsendable> refused;
    std::string run_id;
    /// Why it ended early.
    std::exception_ptr failure;
};

asio::awaitable<Outcome> push(samovar::App* app, std::vector<db::OutboxMessage> rows) {
    Outcome outcome;
    try {
        outcome.run_id = co_await app->async_store_run_id();
        for (auto& row : rows) {
            try {
                co_await app->async_push({.id = row.id, .queue = row.queue, .bytes = std::move(row.payload)});
                outcome.pushed.push_back(row.id);
            } catch (const samovar::MessageRefused& refused) {
                samovar::log::error(fmt::format("the outbox's row {} ({}) cannot be sent and is put aside: {}",
                                                row.id, row.task, refused.what()));
                outcome.refused.push_back({std::move(row.id), refused.what()});
            }
        }
        // A Redis that was restarted meanwhile may have lost what was pushed before: nothing is recorded, all of
        // it is pushed again, and the marks that survived keep it from doubling.
        if (co_await app->async_store_run_id() != outcome.run_id) outcome.pushed.clear();
    } catch (const samovar::Error&) {
        outcome.failure = std::current_exception();
    }
    co_return outcome;
}

}  // namespace

OutboxRelay::OutboxRelay(db::Database& database, samovar::App& app, const samovar::Clock& clock,
                         OutboxRelayOptions options)
    : database_(database), app_(app), clock_(clock), options_(options) {}

void OutboxRelay::nudge() { bell_.raise(); }

void OutboxRelay::stop() {
    stopped_ = true;
    bell_.raise();
}

asio::awaitable<void> OutboxRelay::run() {
    while (!stopped_) {
        auto pause = options_.look_every;
        bell_.reset();
        try {
            if (!co_await nothing_to_do()) {
                while (co_await push_some() && !stopped_) {
                }
                co_await settle();
            }
        } catch (const samovar::Error& error) {
            samovar::log::warning(fmt::format("the outbox waits for Redis: {}", error.what()));
            pause = options_.after_failure;
        } catch (const db::Error& error) {
            samovar::log::warning(fmt::format("the outbox waits for the database: {}", error.what()));
            pause = options_.after_failure;
        }
        // One that rang before the reset is seen here.
        if (!stopped_) co_await bell_.wait(pause);
    }
}

// A look costs a read; only what is there is worth a writing transaction.
asio::awaitable<bool> OutboxRelay::nothing_to_do() {
    return database_.read([](db::Session session) { return db::outbox_empty(session); });
}

// True when there may be more.
asio::awaitable<bool> OutboxRelay::push_some() {
    const auto claim = samovar::uuid4();
    auto rows = co_await database_.transaction([&](db::Session session) {
        return db::claim_outbox(session, claim, options_.rows_at_once, clock_.now());
    });
    if (rows.empty()) co_return false;

    const auto claimed = rows.size();
    const auto outcome = co_await push(&app_, std::move(rows));
    co_await database_.transaction([&](db::Session session) -> asio::awaitable<void> {
        const auto now = clock_.now();
        if (!outcome.pushed.empty()) co_await db::mark_pushed(session, outcome.pushed, outcome.run_id, now);
        if (!outcome.refused.empty()) co_await db::put_aside(session, outcome.refused, now);
        if (outcome.pushed.size() + outcome.refused.size() < claimed) co_await db::release_outbox(session, claim);
    });
    if (outcome.failure) std::rethrow_exception(outcome.failure);
    co_return claimed == static_cast<std::size_t>(options_.rows_at_once);
}

asio::awaitable<void> OutboxRelay::settle() {
    const auto before = clock_.now() - db::outbox_settle_time;
    const auto run_id = co_await app_.async_store_run_id();
    const auto settled = co_await database_.transaction(
        [&](db::Session session) { return db::settle_outbox(session, run_id, before); });
    if (settled.waiting_again == 0) co_return;
    samovar::log::warning(fmt::format("Redis was restarted: {} tasks are pushed again", settled.waiting_again));
    bell_.raise();
}

}  // namespace localtea::services
