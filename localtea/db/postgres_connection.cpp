#include "db/postgres_connection.hpp"

#include <libpq-fe.h>
#include <unistd.h>

#include <optional>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "db/postgres_address.hpp"
#include "db/postgres_codec.hpp"
#include "db/postgres_error.hpp"

namespace localtea::db {
namespace {

// The shop has a few dozen statements; a program that builds SQL must not fill the server's memory.
constexpr std::size_t max_prepared = 256;

struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

using Descriptor = asio::posix::stream_descriptor;

/// libpq's messages end in a line break.
std::string message_of(PGconn* connection) {
    std::string message = PQerrorMessage(connection);
    while (message.ends_with('\n')) message.pop_back();
    return message;
}

}  // namespace

class PostgresConnection::Impl : public std::enable_shared_from_this<Impl> {
public:
    explicit Impl(const asio::any_io_executor& executor)
        : strand_(asio::make_strand(executor)), socket_(strand_), deadline_(strand_) {}

    const asio::any_io_executor& strand() const { return strand_; }

    asio::awaitable<void> connect(PostgresParameters parameters, std::chrono::milliseconds limit);
    asio::awaitable<std::vector<Table>> run(std::vector<Statement> statements, std::chrono::milliseconds limit);
    void require_alive();
    bool broken() const { return broken_; }
    bool reusable() const { return !broken_ && PQtransactionStatus(connection_.get()) == PQTRANS_IDLE; }

private:
    /// What the server will answer to, in order.
    struct Expected {
        std::string prepares;  // SQL that this makes a prepared statement; empty: runs one
    };

    /// Arms the deadline for one call, and holds that a call which does not finish leaves the connection broken.
    class Call {
    public:
        Call(Impl& impl, std::chrono::milliseconds limit) : impl_(impl) {
            if (impl_.running_) throw std::logic_error("two coroutines use one database session at once");
            impl_.running_ = impl_.broken_ = true;
            ++impl_.calls_;
            impl_.arm(limit);
        }
        Call(const Call&) = delete;
        Call& operator=(const Call&) = delete;
        ~Call() {
            impl_.deadline_.cancel();
            impl_.running_ = false;
        }
        void finished() { impl_.broken_ = false; }

    private:
        Impl& impl_;
    };

    void arm(std::chrono::milliseconds limit);
    void start_connecting(const PostgresParameters& parameters);
    void watch_socket();
    asio::awaitable<void> wait(Descriptor::wait_type type);
    asio::awaitable<void> wait_for_either();
    void check_waited(const boost::system::error_code& error) const;
    asio::awaitable<void> wait_until_answered();
    void send(const Statement& statement, std::vector<Expected>& expected);
    void check_sent(int ok);
    asio::awaitable<std::vector<Table>> receive(std::vector<Expected> expected);
    void accept(const PGresult* result, const Expected& expected, std::vector<Table>& tables,
                std::optional<Error>& failure);
    [[noreturn]] void fail_connection() const;

    const asio::any_io_executor strand_;
    std::unique_ptr<PGconn, Finish> connection_;
    /// A duplicate of libpq's descriptor: libpq opens and closes its own as it likes.
    Descriptor socket_;
    asio::steady_timer deadline_;
    bool timed_out_ = false;
    bool running_ = false;
    bool broken_ = false;
    std::uint64_t calls_ = 0;
    std::uint64_t names_ = 0;
    std::unordered_map<std::string, std::string> prepared_;  // SQL -> name on the server
};

void PostgresConnection::Impl::arm(std::chrono::milliseconds limit) {
    timed_out_ = false;
    if (limit == std::chrono::milliseconds::zero()) return;
    deadline_.expires_after(limit);
    deadline_.async_wait([self = shared_from_this(), call = calls_](const boost::system::error_code& cancelled) {
        // A cancel may come too late, when this is on its way already; then the call is another one.
        if (cancelled || !self->running_ || self->calls_ != call) return;
        self->timed_out_ = true;
        self->socket_.cancel();
    });
}

void PostgresConnection::Impl::start_connecting(const PostgresParameters& parameters) {
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    const auto add = [&](const char* keyword, const char* value) {
        keywords.push_back(keyword);
        values.push_back(value);
    };
    // Of a keyword given twice the last counts.
    add("fallback_application_name", "localtea");
    add("tcp_user_timeout", "30000");
    for (const auto& [keyword, value] : parameters) add(keyword.c_str(), value.c_str());
    add("client_encoding", "UTF8");
    add(nullptr, nullptr);
    connection_.reset(PQconnectStartParams(keywords.data(), values.data(), 0));
    if (!connection_) throw std::bad_alloc{};
    if (PQstatus(connection_.get()) == CONNECTION_BAD) fail_connection();
    PQsetNoticeProcessor(connection_.get(), [](void*, const char*) {}, nullptr);
}

void PostgresConnection::Impl::watch_socket() {
    if (socket_.is_open()) socket_.close();
    const int duplicate = ::dup(PQsocket(connection_.get()));
    if (duplicate < 0) throw Error{Errc::connection, "no file descriptor is left for a connection to PostgreSQL"};
    socket_.assign(duplicate);
}

asio::awaitable<void> PostgresConnection::Impl::wait(Descriptor::wait_type type) {
    boost::system::error_code error;
    if (!timed_out_) co_await socket_.async_wait(type, asio::redirect_error(asio::use_awaitable, error));
    check_waited(error);
}

/// Until the socket can be read or written.
asio::awaitable<void> PostgresConnection::Impl::wait_for_either() {
    using namespace asio::experimental::awaitable_operators;
    boost::system::error_code reading;
    boost::system::error_code writing;
    if (!timed_out_)
        co_await (socket_.async_wait(Descriptor::wait_read, asio::redirect_error(asio::use_awaitable, reading)) ||
                  socket_.async_wait(Descriptor::wait_write, asio::redirect_error(asio::use_awaitable, writing)));
    // Who came first cancelled the other.
    check_waited(reading && writing ? reading : boost::system::error_code{});
}

void PostgresConnection::Impl::check_waited(const boost::system::error_code& error) const {
    if (timed_out_) throw Error{Errc::timeout, "PostgreSQL did not answer within the limit"};
    if (error) throw boost::system::system_error{error};
}

asio::awaitable<void> PostgresConnection::Impl::connect(PostgresParameters parameters,
                                                        std::chrono::milliseconds limit) {
    Call call{*this, limit};
    start_connecting(co_await resolve_hosts(std::move(parameters)));
    for (PostgresPollingStatusType next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK;) {
        watch_socket();
        co_await wait(next == PGRES_POLLING_WRITING ? Descriptor::wait_write : Descriptor::wait_read);
        next = PQconnectPoll(connection_.get());
        if (next == PGRES_POLLING_FAILED) fail_connection();
    }
    watch_socket();
    if (PQsetnonblocking(connection_.get(), 1) != 0 || PQenterPipelineMode(connection_.get()) != 1)
        fail_connection();
    call.finished();
}

asio::awaitable<std::vector<Table>> PostgresConnection::Impl::run(std::vector<Statement> statements,
                                                                  std::chrono::milliseconds limit) {
    Call call{*this, limit};
    std::vector<Expected> expected;
    for (const Statement& statement : statements) send(statement, expected);
    check_sent(PQpipelineSync(connection_.get()));
    std::optional<Error> failure;
    std::vector<Table> tables;
    try {
        tables = co_await receive(std::move(expected));
    } catch (const Error& error) {
        if (error.kind() == Errc::connection || timed_out_) throw;
        failure = error;
    }
    call.finished();
    if (failure) throw *failure;
    co_return tables;
}

void PostgresConnection::Impl::send(const Statement& statement, std::vector<Expected>& expected) {
    constexpr int binary_results = 1;
    const EncodedParameters encoded{statement.parameters};
    auto known = prepared_.find(statement.sql);
    if (known == prepared_.end() && prepared_.size() >= max_prepared) {
        check_sent(PQsendQueryParams(connection_.get(), statement.sql.c_str(), encoded.count(), nullptr,
                                     encoded.values(), encoded.lengths(), encoded.formats(), binary_results));
        expected.push_back({});
        return;
    }
    if (known == prepared_.end()) {
        known = prepared_.emplace(statement.sql, fmt::format("s{}", ++names_)).first;
        check_sent(PQsendPrepare(connection_.get(), known->second.c_str(), statement.sql.c_str(), 0, nullptr));
        expected.push_back({statement.sql});
    }
    check_sent(PQsendQueryPrepared(connection_.get(), known->second.c_str(), encoded.count(), encoded.values(),
                                   encoded.lengths(), encoded.formats(), binary_results));
    expected.push_back({});
}

void PostgresConnection::Impl::check_sent(int ok) {
    if (ok != 1) fail_connection();
}

/// Reads while it writes: the server stops reading when nobody takes its answers.
asio::awaitable<void> PostgresConnection::Impl::wait_until_answered() {
    for (;;) {
        const int unsent = PQflush(connection_.get());
        if (unsent < 0) fail_connection();
        if (unsent == 0 && PQisBusy(connection_.get()) == 0) co_return;
        if (unsent > 0)
            co_await wait_for_either();
        else
            co_await wait(Descriptor::wait_read);
        if (PQconsumeInput(connection_.get()) != 1) fail_connection();
    }
}

/// Takes every answer up to the end of the pipeline, so that the next call starts with none.
asio::awaitable<std::vector<Table>> PostgresConnection::Impl::receive(std::vector<Expected> expected) {
    std::vector<Table> tables;
    std::optional<Error> failure;
    for (std::size_t position = 0;;) {
        co_await wait_until_answered();
        const Result result{PQgetResult(connection_.get())};
        if (PQstatus(connection_.get()) == CONNECTION_BAD) fail_connection();
        if (!result)
            ++position;
        else if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC)
            break;
        else
            accept(result.get(), expected.at(position), tables, failure);
    }
    if (failure) throw *failure;
    co_return tables;
}

void PostgresConnection::Impl::accept(const PGresult* result, const Expected& expected, std::vector<Table>& tables,
                                      std::optional<Error>& failure) {
    const ExecStatusType status = PQresultStatus(result);
    const bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (!done && !expected.prepares.empty()) prepared_.erase(expected.prepares);
    try {
        if (done && expected.prepares.empty()) tables.push_back(decode(result));
        if (status == PGRES_FATAL_ERROR && !failure) failure = postgres_error(result);
    } catch (const Error& error) {
        if (!failure) failure = error;
    }
}

void PostgresConnection::Impl::require_alive() {
    if (PQconsumeInput(connection_.get()) == 1 && PQstatus(connection_.get()) == CONNECTION_OK) return;
    broken_ = true;
    fail_connection();
}

void PostgresConnection::Impl::fail_connection() const {
    throw Error{Errc::connection, fmt::format("PostgreSQL: {}", message_of(connection_.get()))};
}

PostgresConnection::PostgresConnection(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

PostgresConnection::~PostgresConnection() = default;

asio::awaitable<std::unique_ptr<PostgresConnection>> PostgresConnection::connect(asio::any_io_executor executor,
                                                                                 PostgresParameters parameters,
                                                                                 std::chrono::milliseconds limit) {
    const auto impl = std::make_shared<Impl>(executor);
    const auto on_strand = [](std::shared_ptr<Impl> self, PostgresParameters all,
                              std::chrono::milliseconds within) -> asio::awaitable<void> {
        co_await self->connect(std::move(all), within);
    };
    try {
        co_await asio::co_spawn(impl->strand(), on_strand(impl, std::move(parameters), limit),
                                asio::use_awaitable);
    } catch (const Error& error) {
        if (error.kind() != Errc::timeout) throw;
        throw Error{Errc::connection, fmt::format("PostgreSQL could not be reached within {}", limit)};
    }
    co_return std::unique_ptr<PostgresConnection>{new PostgresConnection{impl}};
}

asio::awaitable<std::vector<Table>> PostgresConnection::run(std::vector<Statement> statements,
                                                            std::chrono::milliseconds limit) {
    // The frame on the strand owns the connection: it may be destroyed after the caller's.
    const auto on_strand = [](std::shared_ptr<Impl> self, std::vector<Statement> all,
                              std::chrono::milliseconds within) -> asio::awaitable<std::vector<Table>> {
        co_return co_await self->run(std::move(all), within);
    };
    return asio::co_spawn(impl_->strand(), on_strand(impl_, std::move(statements), limit), asio::use_awaitable);
}

void PostgresConnection::require_alive() { impl_->require_alive(); }
bool PostgresConnection::broken() const { return impl_->broken(); }
bool PostgresConnection::reusable() const { return impl_->reusable(); }

}  // namespace localtea::db
