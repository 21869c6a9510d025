#include "db/database.hpp"

#include <algorithm>
#include <random>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "db/postgres_database.hpp"
#include "db/sqlite_database.hpp"

namespace localtea::db {
namespace {

constexpr int max_attempts_after_conflict = 6;
constexpr int max_attempts_after_lost_connection = 3;

bool may_repeat(const std::exception_ptr& failure, int attempts) {
    try {
        std::rethrow_exception(failure);
    } catch (const Error& error) {
        if (error.kind() == Errc::conflict) return attempts < max_attempts_after_conflict;
        if (error.kind() == Errc::connection) return attempts < max_attempts_after_lost_connection;
        return false;
    } catch (...) {
        return false;
    }
}

/// Random within a doubling bound, so that two transactions in each other's way do not meet again: at most 4, 8,
/// 16,
/// ... ms, 124 ms in all.
std::chrono::microseconds random_pause(int attempt) {
    thread_local std::minstd_rand generator{std::random_device{}()};
    const std::chrono::microseconds bound{2'000 << attempt};
    return std::chrono::microseconds{
        std::uniform_int_distribution<std::chrono::microseconds::rep>{0, bound.count()}(generator)};
}

asio::awaitable<void> pause_before_attempt(int attempt) {
    asio::steady_timer timer{co_await asio::this_coro::executor, random_pause(attempt)};
    co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace

asio::awaitable<void> Database::run_erased(Access access, TransactionOptions options, ErasedBody body) {
    for (int attempt = 1;; ++attempt) {
        const Session session{co_await begin(access, options)};
        std::exception_ptr failure;
        try {
            co_await body(session);
            co_await Session::commit(session.impl_);
        } catch (...) {
            failure = std::current_exception();
        }
        if (!failure) {
            Session::tell(*session.impl_);
            co_return;
        }
        co_await Session::rollback(session.impl_);
        if (!may_repeat(failure, attempt)) std::rethrow_exception(failure);
        co_await pause_before_attempt(attempt);
    }
}

std::unique_ptr<Database> open_database(asio::any_io_executor executor, const config::DatabaseUrl& url,
                                        DatabaseOptions options) {
    if (url.kind == config::DatabaseKind::sqlite) return open_sqlite(std::move(executor), url.file, options);
    return open_postgres(std::move(executor), url.parameters, options);
}

}  // namespace localtea::db
