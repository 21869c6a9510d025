// One connection to Redis, shared by any number of coroutines and threads.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "redis/reply.hpp"
#include "redis/request.hpp"
#include "redis/script.hpp"
#include "redis/url.hpp"

namespace samovar::redis {

namespace asio = boost::asio;

/// How a connection behaves.
struct ConnectionOptions {
    /// Where the server is and how to sign in; see parse_url().
    Endpoint endpoint;
    /// CLIENT SETNAME, visible in CLIENT LIST. Empty: no name.
    std::string client_name;
    /// Bound on resolving, connecting, the TLS handshake and signing in, together.
    std::chrono::milliseconds connect_timeout{3'000};
    /// A PING goes out when nothing was received for this long; no reply within as long again closes the
    /// connection, so a half-open one is noticed. Zero: never.
    std::chrono::milliseconds health_interval{2'000};
    /// First pause between attempts to connect; doubles up to `reconnect_max`, half of it random.
    std::chrono::milliseconds reconnect_min{20};
    std::chrono::milliseconds reconnect_max{1'000};
    /// Send CLIENT TRACKING ON OPTIN after signing in (RESP3), so that invalidations arrive as pushes.
    bool client_tracking = false;
    /// Loaded after each (re)connect, in the same round trip as the sign-in.
    std::vector<const Script*> scripts;
};

/// What a call may wait for and whether it may be repeated.
struct CallOptions {
    /// From the call to its reply, waiting for a connection included.
    std::chrono::milliseconds deadline{5'000};
    /// The request may be executed twice: after a lost connection it is sent again instead of failing
    /// with connection_lost, until the deadline.
    bool resend = false;
};

/// An auto-pipelined connection: requests made while a write is under way travel together in the next one.
/// It connects at once when created and reconnects by itself, in every state, until stopped; subscriptions,
/// tracking and scripts are restored each time.
///
/// Threads: every member may be called from any thread. `push` and state handlers run on the connection's
/// executor and must not block.
/// Lifetime: destroying the last handle stops it; calls under way fail with Errc::stopped.
class Connection {
public:
    Connection(asio::any_io_executor executor, ConnectionOptions options);
    ~Connection();
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;

    /// Sends the request and returns one reply for each command, server errors among them as values.
    /// Errors: Error{not_connected, connection_lost, timeout, protocol, stopped}.
    asio::awaitable<std::vector<Reply>> exec(Request request, CallOptions options = {});

    /// Sends one command. Errors: as exec(), and Error{server_error} for an error reply.
    asio::awaitable<Reply> command(Request request, CallOptions options = {});

    /// Runs a script. Errors: as command().
    /// `tracked` sends CLIENT CACHING YES before it in the same write, so that the keys it reads are tracked.
    asio::awaitable<Reply> run(const Script& script, std::vector<std::string> keys,
                               std::vector<std::string> arguments, CallOptions options = {},
                               bool tracked = false);

    /// Adds channels or patterns. Remembered and restored after a reconnect; returns once the server confirmed
    /// (or immediately queued, when not connected, until the deadline).
    asio::awaitable<void> subscribe(std::vector<std::string> channels, CallOptions options = {});
    asio::awaitable<void> psubscribe(std::vector<std::string> patterns, CallOptions options = {});
    asio::awaitable<void> unsubscribe(std::vector<std::string> channels, CallOptions options = {});

    /// Every push: ["message", channel, payload], ["pmessage", pattern, channel, payload],
    /// ["invalidate", [keys] or null], ... Set before the first subscription.
    void on_push(std::function<void(const Reply&)> handler);
    /// `true` after each successful (re)connect, `false` after each loss.
    void on_state(std::function<void(bool connected)> handler);

    bool connected() const;
    /// The server's run_id as last seen, empty before the first connect. Changes when Redis restarted.
    std::string run_id() const;
    /// Closes the present connection; the next one is made at once. For watchdogs.
    void restart();
    /// Closes for good. Safe to call twice.
    void stop();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace samovar::redis
