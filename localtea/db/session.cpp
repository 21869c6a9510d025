#include "db/session.hpp"

#include <stdexcept>

namespace localtea::db {

struct Session::Impl {
    enum class Phase { ready, running, failed };

    std::unique_ptr<OpenTransaction> transaction;
    Phase phase = Phase::ready;
    std::vector<std::function<void()>> after_commit = {};

    OpenTransaction& open() const {
        if (!transaction) throw std::logic_error("a database session was used after its transaction ended");
        return *transaction;
    }

    OpenTransaction& usable() const {
        if (phase == Phase::running) throw std::logic_error("two coroutines use one database session at once");
        if (phase == Phase::failed)
            throw Error{Errc::other,
                        "an earlier statement of this transaction failed; it can only be rolled back"};
        return open();
    }
};

/// Failed unless the statement says that it is done, also when its frame is cancelled or destroyed.
class Session::Running {
public:
    explicit Running(std::shared_ptr<Impl> state) : impl_(std::move(state)) {
        impl_->phase = Impl::Phase::running;
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() { impl_->phase = done_ ? Impl::Phase::ready : Impl::Phase::failed; }
    void done() { done_ = true; }

private:
    std::shared_ptr<Impl> impl_;
    bool done_ = false;
};

Session::Session(std::unique_ptr<OpenTransaction> transaction)
    : impl_(std::make_shared<Impl>(Impl{std::move(transaction)})) {}

Dialect Session::dialect() const { return impl_->open().dialect(); }

asio::awaitable<std::vector<Rows>> Session::run(std::shared_ptr<Impl> state, std::vector<Statement> statements) {
    for (const Statement& statement : statements) require_storable(statement.parameters);
    OpenTransaction& transaction = state->usable();
    Running running{state};
    auto results = co_await transaction.run(std::move(statements));
    running.done();
    co_return results;
}

asio::awaitable<Rows> Session::run_one(std::shared_ptr<Impl> state, Statement statement) {
    std::vector<Statement> statements;
    statements.push_back(std::move(statement));
    auto results = co_await run(std::move(state), std::move(statements));
    co_return std::move(results.front());
}

asio::awaitable<std::int64_t> Session::count_one(std::shared_ptr<Impl> state, Statement statement) {
    const Rows rows = co_await run_one(std::move(state), std::move(statement));
    co_return rows.affected();
}

asio::awaitable<std::vector<std::int64_t>> Session::count_each(std::shared_ptr<Impl> state,
                                                               std::vector<Statement> statements) {
    std::vector<std::int64_t> counts;
    for (const Rows& rows : co_await run(std::move(state), std::move(statements)))
        counts.push_back(rows.affected());
    co_return counts;
}

asio::awaitable<std::vector<Rows>> Session::query_all(std::vector<Statement> statements) {
    return run(impl_, std::move(statements));
}

asio::awaitable<std::vector<std::int64_t>> Session::exec_each(std::string sql, std::vector<Parameters> sets) {
    std::vector<Statement> statements;
    statements.reserve(sets.size());
    for (Parameters& parameters : sets) statements.push_back({sql, std::move(parameters)});
    return count_each(impl_, std::move(statements));
}

void Session::after_commit(std::function<void()> told) { impl_->after_commit.push_back(std::move(told)); }

void Session::tell(const Impl& state) {
    for (const auto& told : state.after_commit) told();
}

asio::awaitable<void> Session::commit(std::shared_ptr<Impl> state) {
    co_await state->usable().commit();
    state->transaction.reset();
}

asio::awaitable<void> Session::rollback(std::shared_ptr<Impl> state) {
    const auto transaction = std::move(state->transaction);
    if (!transaction) co_return;
    try {
        co_await transaction->rollback();
    } catch (const Error&) {
        // Dropped: what ended the transaction matters to the caller, and its destructor undoes what is left.
    }
}

std::string_view row_lock(Dialect dialect) { return dialect == Dialect::postgresql ? " FOR UPDATE" : ""; }

std::string_view skip_locked(Dialect dialect) {
    return dialect == Dialect::postgresql ? " FOR UPDATE SKIP LOCKED" : "";
}

}  // namespace localtea::db
