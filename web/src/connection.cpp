#include "detail/asio/connection.hpp"

#include <array>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace web::detail {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

/// Bodies up to this size are sent in one piece with their head.
constexpr std::size_t short_body = std::size_t{16} << 10;
/// What a refused client may still send before it has read why: a proxy sends all of a body on before it looks at
/// the answer, and tells its own client 502 when it cannot.
constexpr std::size_t most_lingering = std::size_t{4} << 20;
constexpr std::chrono::milliseconds linger_time{2'000};

samovar::net::Address address_of(const tcp::socket& socket) {
    boost::system::error_code error;
    const tcp::endpoint endpoint = socket.remote_endpoint(error);
    if (error) return {};
    if (endpoint.address().is_v4()) return samovar::net::Address::v4(endpoint.address().to_v4().to_bytes());
    return samovar::net::Address::v6(endpoint.address().to_v6().to_bytes());
}

}  // namespace

Connection::Connection(tcp::socket socket, const Api& api, const Bounds& bounds)
    : socket_(std::move(socket)), api_(api), bounds_(bounds), reader_(bounds), peer_(address_of(socket_)) {
    boost::system::error_code ignored;  // without it answers are merely slower
    socket_.set_option(tcp::no_delay(true), ignored);
    begin_request();
}

asio::awaitable<void> Connection::run() {
    while (co_await read_request()) {
        deadline_.reset();
        const Framing framing{.head_only = request_->method == Method::head,
                              .keep_alive = reader_.keep_alive(),
                              .http_1_0 = reader_.is_http_1_0()};
        Response response = co_await api_.handle(request_);
        if (co_await answer(std::move(response), framing) == Ending::close) break;
        begin_request();
        if (draining_) break;
    }
    close();
}

void Connection::begin_request() {
    // A handler may have kept the last request; then it is theirs.
    if (request_ && request_.use_count() == 1) {
        request_->clear();
    } else {
        request_ = std::make_shared<Request>();
    }
    request_->peer = peer_;
    reader_.start(request_);
    awaited_ = RequestReader::Phase::idle;
    set_deadline(bounds_.idle_time);
}

asio::awaitable<bool> Connection::read_request() {
    for (;;) {
        const RequestReader::Progress progress = reader_.advance();
        if (progress == RequestReader::Progress::ready) co_return true;
        if (progress == RequestReader::Progress::refused) {
            co_await refuse(reader_.refusal().status, reader_.refusal().detail);
            co_return false;
        }
        await_phase();
        if (progress == RequestReader::Progress::need_continue) {
            out_ = "HTTP/1.1 100 Continue\r\n\r\n";
            if (!co_await send()) co_return false;
        }
        if (!co_await read_some()) co_return false;
    }
}

void Connection::await_phase() {
    const RequestReader::Phase phase = reader_.phase();
    if (phase == awaited_) return;
    awaited_ = phase;
    set_deadline(phase == RequestReader::Phase::body ? bounds_.body_time : bounds_.header_time);
}

asio::awaitable<bool> Connection::read_some() {
    if (draining_ && awaited_ == RequestReader::Phase::idle) co_return false;
    const auto space = reader_.prepare();
    reading_ = true;
    const auto [error, size] =
        co_await socket_.async_read_some(asio::buffer(space.data(), space.size()), no_throw);
    reading_ = false;
    // A read that was just completing is not cancelled: a client that keeps sending would never be late.
    if (!error && !timed_out_) {
        reader_.commit(size);
        co_return true;
    }
    if (timed_out_ && awaited_ != RequestReader::Phase::idle) co_await refuse(408, "Request Timeout");
    co_return false;
}

asio::awaitable<Connection::Ending> Connection::answer(Response response, Framing framing) {
    framing.keep_alive = framing.keep_alive && !draining_;
    out_.clear();
    write_head(out_, response, framing, api_.clock().now());
    if (sends_body(response, framing)) {
        if (response.body.size() <= short_body) {
            out_ += response.body;
        } else {
            long_body_ = std::move(response.body);
        }
    }
    const bool sent = co_await send();
    co_return sent&& framing.keep_alive ? Ending::keep : Ending::close;
}

asio::awaitable<void> Connection::refuse(int status, std::string_view detail) {
    request_->route = {};
    Response response = api_.refuse(*request_, status, detail);
    co_await answer(std::move(response), {.keep_alive = false});
    co_await linger();
}

asio::awaitable<bool> Connection::send() {
    set_deadline(bounds_.write_time);
    if (long_body_.empty()) {
        const auto [error, size] = co_await asio::async_write(socket_, asio::buffer(out_), no_throw);
        co_return !error;
    }
    const std::array buffers{asio::buffer(out_), asio::buffer(long_body_)};
    const auto [error, size] = co_await asio::async_write(socket_, buffers, no_throw);
    long_body_ = {};
    co_return !error;
}

// A refused client may still be sending. Closing with unread bytes in the socket would reset the connection and
// could take the answer with it.
asio::awaitable<void> Connection::linger() {
    boost::system::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    set_deadline(std::min(linger_time, bounds_.write_time));
    std::array<char, 4096> dropped{};
    for (std::size_t total = 0; total < most_lingering;) {
        const auto [error, size] = co_await socket_.async_read_some(asio::buffer(dropped), no_throw);
        if (error || timed_out_) co_return;
        total += size;
    }
}

// The deadline stands until there is another one: what is not cancelled this time is the next.
void Connection::expire() {
    timed_out_ = true;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

bool Connection::is_busy() const { return !reading_ || awaited_ != RequestReader::Phase::idle; }

void Connection::drain() {
    draining_ = true;
    boost::system::error_code ignored;
    if (!is_busy()) socket_.cancel(ignored);
}

void Connection::cut() {
    const auto self = shared_from_this();
    cancellation_.emit(asio::cancellation_type::terminal);
    close();
}

void Connection::close() {
    deadline_.reset();
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void Connection::set_deadline(std::chrono::milliseconds from_now) {
    timed_out_ = false;
    deadline_ = api_.clock().steady() + from_now;
}

}  // namespace web::detail
