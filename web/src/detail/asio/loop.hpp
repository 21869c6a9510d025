// One event loop: a thread, its connections, and the sweep that ends overdue waits.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_set>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "detail/asio/connection.hpp"

namespace web::detail {

/// Open connections over all loops. Threads: any.
class Tally {
public:
    void add();
    void remove();
    std::size_t count() const;
    /// True when none is left within `patience`.
    bool wait_until_none(std::chrono::milliseconds patience);

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t count_ = 0;
};

/// Threads: `start`, `stop` and the destructor from the server's thread; the members named "post_" from any;
/// everything else on the loop itself.
class Loop {
public:
    Loop(const Api& api, const Bounds& bounds, Tally& tally);
    ~Loop();

    boost::asio::io_context& context() { return context_; }
    void start();
    /// After this no handler runs; what still waited is destroyed with the loop.
    void stop();

    /// Serves the socket, which belongs to this loop and is counted already.
    void post_adopt(boost::asio::ip::tcp::socket socket);
    void post_drain();
    void post_cut();

private:
    void adopt(boost::asio::ip::tcp::socket socket);
    void finished(Connection* connection, const std::exception_ptr& error);
    void schedule_sweep();
    void sweep();

    const Api& api_;
    const Bounds& bounds_;
    Tally& tally_;
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::asio::steady_timer sweep_timer_;
    std::chrono::milliseconds sweep_interval_;
    bool sweeping_ = false;
    bool draining_ = false;
    /// Each is owned by its own coroutine.
    std::unordered_set<Connection*> connections_;
    std::thread thread_;
};

}  // namespace web::detail
