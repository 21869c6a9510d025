// The shell of a connection: it moves bytes and time between the pipeline, the handshake and the socket.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/backoff.hpp"
#include "redis/alarm.hpp"
#include "redis/connection.hpp"
#include "redis/error.hpp"
#include "redis/handshake.hpp"
#include "redis/pipeline.hpp"
#include "redis/resp_parser.hpp"
#include "redis/socket.hpp"
#include "redis/subscriptions.hpp"

namespace samovar::redis {

/// One coroutine, run(), connects, signs in, reads and reconnects; writes are started from wherever there is
/// something to write. Calls arrive through an inbox, so that callers of every thread share one lock for the
/// length of a push_back, and everything that arrived in one turn of the loop goes into one write.
///
/// Threads: as said for each group; "strand" is the connection's own executor made serial.
/// Lifetime: run() and everything posted keep it alive; calls under way do not.
class Connection::Impl : public std::enable_shared_from_this<Connection::Impl> {
public:
    enum class Kind : std::uint8_t { channels, patterns };

    Impl(asio::any_io_executor executor, ConnectionOptions options);

    // Any thread.
    void start();
    void submit(CallPtr call);
    void restart();
    void stop();
    void remember(Kind kind, const std::vector<std::string>& names);
    void forget(Kind kind, const std::vector<std::string>& names);
    void set_push_handler(std::function<void(const Reply&)> handler);
    void set_state_handler(std::function<void(bool)> handler);
    bool connected() const { return connected_; }
    bool tracking() const { return tracking_; }
    bool resp3() const { return resp3_; }
    std::string run_id() const;
    const Clock& clock() const { return *options_.clock; }

private:
    // Strand: the life of a connection, in order.
    asio::awaitable<void> run();
    asio::awaitable<bool> sign_in();
    asio::awaitable<void> open_and_shake_hands();
    /// What is done next may take so many times the connect timeout.
    void give_up_after(int round_trips, std::string_view what);
    asio::awaitable<std::vector<Reply>> ask(Request request);
    asio::awaitable<void> fill();
    asio::awaitable<void> written();
    void welcome(const Handshake& handshake);
    void restore(const Subscriptions& subscriptions);
    asio::awaitable<void> serve();
    void dispatch(Incoming message);
    asio::awaitable<void> hang_up();
    asio::awaitable<void> pause();

    // Strand: events.
    void wake();
    void flush();
    void write();
    void on_written(std::error_code error, std::size_t bytes);
    void expire();
    void arm_deadline();
    void check_health();
    void give_up(std::string reason);
    void shut();

    void note_failure(std::string_view what);
    void refuse_waiting(const Error& error);
    void fail(const std::vector<Pipeline::Failed>& failed);
    std::exception_ptr explain(Errc reason) const;
    void tell_state(bool connected);
    void guarded(const std::function<void()>& handler);

    // Constant.
    const asio::any_io_executor executor_;
    const asio::any_io_executor strand_;
    const ConnectionOptions options_;

    // Any thread.
    std::atomic<bool> connected_{false};
    std::atomic<bool> tracking_{false};
    std::atomic<bool> resp3_{false};
    mutable std::mutex mutex_;
    // Guarded by mutex_.
    std::vector<CallPtr> inbox_;
    bool wake_posted_ = false;
    bool stopped_ = false;
    std::string run_id_;
    Subscriptions channels_{"SUBSCRIBE"};
    Subscriptions patterns_{"PSUBSCRIBE"};

    // Strand.
    Pipeline pipeline_;
    RespParser parser_;
    std::unique_ptr<Socket> socket_;
    std::vector<CallPtr> taken_;
    std::string write_buffer_;
    std::vector<char> read_buffer_;
    std::string_view input_;  // What of read_buffer_ was not parsed yet.
    bool writing_ = false;
    std::size_t handed_over_ = 0;  // Of the write that failed.
    bool closing_ = false;
    bool at_once_ = false;  // The next attempt needs no pause.
    SteadyTime asked_;      // The last question of the sign-in.
    SteadyTime connected_since_;
    SteadyTime::duration ping_patience_{};
    SteadyTime last_received_;
    std::optional<SteadyTime> pinged_;  // When the health check last asked, while it waits for an answer.
    SteadyTime armed_ = SteadyTime::max();
    Errc loss_ = Errc::connection_lost;  // What the present connection's end means for calls under way.
    std::string verdict_;                // Why we ourselves closed the present socket.
    std::string last_failure_;
    Backoff backoff_;
    Alarm watchdog_, deadline_, health_, pause_, write_end_;
    std::function<void(const Reply&)> on_push_;
    std::function<void(bool)> on_state_;
};

}  // namespace samovar::redis
