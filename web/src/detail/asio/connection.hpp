// One client's connection: reads requests, has them answered in order, and never waits for ever.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <web/api.hpp>
#include <web/bounds.hpp>

#include "request_reader.hpp"
#include "response_writer.hpp"

namespace web::detail {

/// Threads: its loop's only. Lifetime: Api and bounds outlive it.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(boost::asio::ip::tcp::socket socket, const Api& api, const Bounds& bounds);

    /// Until the connection ends, by whichever side. Throws only when it was cut.
    boost::asio::awaitable<void> run();

    /// What is waited for has a deadline, and it has passed.
    bool is_overdue(samovar::SteadyTime now) const { return deadline_ && now >= *deadline_; }
    /// Ends the wait that is overdue: an idle connection closes, a slow request is answered 408.
    void expire();
    /// No further request: idle connections close now, others after their answer.
    void drain();
    /// Ends at once, handler included.
    void cut();
    /// A request is being read, handled or answered.
    bool is_busy() const;

    boost::asio::cancellation_signal& cancellation() { return cancellation_; }

private:
    enum class Ending { close, keep };

    void begin_request();
    /// True when a request is complete; false when the connection is to end.
    boost::asio::awaitable<bool> read_request();
    boost::asio::awaitable<bool> read_some();
    boost::asio::awaitable<Ending> answer(Response response, Framing framing);
    boost::asio::awaitable<void> refuse(int status, std::string_view detail);
    boost::asio::awaitable<bool> send();
    boost::asio::awaitable<void> linger();
    void close();

    void await_phase();
    void set_deadline(std::chrono::milliseconds from_now);

    boost::asio::ip::tcp::socket socket_;
    const Api& api_;
    const Bounds& bounds_;
    RequestReader reader_;
    RequestPtr request_;
    samovar::net::Address peer_;
    /// Bytes to send: the head, and the body when it is short; a long one stays where it is.
    std::string out_;
    std::string long_body_;
    boost::asio::cancellation_signal cancellation_;
    std::optional<samovar::SteadyTime> deadline_;
    RequestReader::Phase awaited_ = RequestReader::Phase::idle;
    bool reading_ = false;
    bool timed_out_ = false;
    bool draining_ = false;
};

}  // namespace web::detail
