#include "detail/asio/loop.hpp"

#include <algorithm>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <samovar/log.hpp>

namespace web::detail {
namespace {

/// Deadlines are noticed at most a quarter of the shortest limit late, without a timer per connection.
std::chrono::milliseconds interval_for(const Bounds& bounds) {
    using std::chrono::milliseconds;
    const milliseconds shortest =
        std::min({bounds.header_time, bounds.body_time, bounds.write_time, bounds.idle_time});
    return std::clamp(shortest / 4, milliseconds{1}, milliseconds{1'000});
}

/// The connection lives as long as the coroutine that serves it.
boost::asio::awaitable<void> own(std::shared_ptr<Connection> connection) { co_await connection->run(); }

}  // namespace

void Tally::add() {
    const std::lock_guard lock{mutex_};
    ++count_;
}

void Tally::remove() {
    const std::lock_guard lock{mutex_};
    --count_;
    changed_.notify_all();
}

std::size_t Tally::count() const {
    const std::lock_guard lock{mutex_};
    return count_;
}

bool Tally::wait_until_none(std::chrono::milliseconds patience) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, patience, [this] { return count_ == 0; });
}

Loop::Loop(const Api& api, const Bounds& bounds, Tally& tally)
    : api_(api),
      bounds_(bounds),
      tally_(tally),
      work_(context_.get_executor()),
      sweep_timer_(context_),
      sweep_interval_(interval_for(bounds)) {}

Loop::~Loop() { stop(); }

void Loop::start() {
    thread_ = std::thread{[this] { context_.run(); }};
}

void Loop::stop() {
    work_.reset();
    context_.stop();
    if (thread_.joinable()) thread_.join();
}

void Loop::post_adopt(boost::asio::ip::tcp::socket socket) {
    boost::asio::post(context_, [this, socket = std::move(socket)]() mutable { adopt(std::move(socket)); });
}

void Loop::adopt(boost::asio::ip::tcp::socket socket) {
    auto connection = std::make_shared<Connection>(std::move(socket), api_, bounds_);
    if (draining_) connection->drain();
    connections_.insert(connection.get());
    if (api_.observer()) api_.observer()->connection_opened();
    boost::asio::co_spawn(context_, own(connection),
                          boost::asio::bind_cancellation_slot(
                              connection->cancellation().slot(),
                              [this, raw = connection.get()](std::exception_ptr error) { finished(raw, error); }));
    schedule_sweep();
}

void Loop::finished(Connection* connection, const std::exception_ptr& error) {
    // Only a cut connection ends this way; whatever it was doing has been given up on purpose.
    if (error) samovar::log::debug("connection cut");
    if (api_.observer()) api_.observer()->connection_closed();
    connections_.erase(connection);
    tally_.remove();
}

void Loop::schedule_sweep() {
    if (sweeping_ || connections_.empty()) return;
    sweeping_ = true;
    sweep_timer_.expires_after(sweep_interval_);
    sweep_timer_.async_wait([this](const boost::system::error_code&) {
        sweeping_ = false;
        sweep();
        schedule_sweep();
    });
}

void Loop::sweep() {
    const samovar::SteadyTime now = api_.clock().steady();
    for (Connection* connection : connections_)
        if (connection->is_overdue(now)) connection->expire();
}

void Loop::post_drain() {
    boost::asio::post(context_, [this] {
        draining_ = true;
        for (Connection* connection : connections_) connection->drain();
    });
}

void Loop::post_cut() {
    boost::asio::post(context_, [this] {
        // Cancelling may finish a connection at once, which takes it out of the set.
        const std::vector<Connection*> all(connections_.begin(), connections_.end());
        for (Connection* connection : all)
            if (connections_.contains(connection)) connection->cut();
    });
}

}  // namespace web::detail
