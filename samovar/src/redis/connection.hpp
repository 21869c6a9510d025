// One connection to Redis, shared by any number of coroutines and threads.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "redis/options.hpp"
#include "redis/reply.hpp"
#include "redis/request.hpp"
#include "redis/script.hpp"

namespace samovar::redis {

namespace asio = boost::asio;

/// An auto-pipelined connection: requests made while a write is under way travel together in the next one.
/// It connects at once when created and reconnects by itself, in every state, until stopped; subscriptions,
/// tracking and scripts are restored each time.
///
/// Calls wait for a connection until their deadline. They end at once, with the server's or the configuration's
/// error, while the server refuses the sign-in (wrong password, unknown database, untrusted certificate).
///
/// A call is cancelled by cancelling its coroutine (terminal or partial); it then throws Asio's operation_aborted.
/// What was written may still be executed; its reply is read and dropped.
///
/// Blocking commands hold up everybody's replies and the health check: give them a connection of their own.
/// With RESP2 (the server refuses HELLO) a connection with subscriptions takes no other commands: Redis answers
/// them with an error.
///
/// Threads: every member may be called from any thread; a coroutine goes on where it came from. Handlers run on
/// the connection's executor, one at a time, and must not block.
/// Lifetime: the executor's context must outlive the connection, and so must the contexts that its callers run on:
/// destroy those after the thread that runs the connection has ended. Destroying the handle stops it; calls under
/// way fail with Errc::stopped.
class Connection {
public:
    /// Errors: Error{bad_configuration} for options that no server could accept.
    Connection(asio::any_io_executor executor, ConnectionOptions options);
    ~Connection();
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;

    /// Sends the request and returns one reply for each command, server errors among them as values.
    /// Errors: Error{not_connected, connection_lost, timeout, protocol, stopped}, and Error{server_error,
    /// bad_configuration} when the server refused the sign-in.
    asio::awaitable<std::vector<Reply>> exec(Request request, CallOptions options = {});

    /// Sends one command. Errors: as exec(), and Error{server_error} for an error reply; READONLY also ends the
    /// connection, so that the next one looks up who is the master now.
    asio::awaitable<Reply> command(Request request, CallOptions options = {});

    /// Runs a script, which must outlive the call. Errors: as command().
    asio::awaitable<Reply> run(const Script& script, std::vector<std::string> keys,
                               std::vector<std::string> arguments, CallOptions options = {});

    /// Adds channels or patterns and returns once the server confirmed them. They are remembered from the call
    /// on and restored after each reconnect, until unsubscribed or refused by the server. Errors: as command().
    asio::awaitable<void> subscribe(std::vector<std::string> channels, CallOptions options = {});
    asio::awaitable<void> psubscribe(std::vector<std::string> patterns, CallOptions options = {});
    asio::awaitable<void> unsubscribe(std::vector<std::string> channels, CallOptions options = {});
    asio::awaitable<void> punsubscribe(std::vector<std::string> patterns, CallOptions options = {});

    /// Every push but confirmations: ["message", channel, payload], ["pmessage", pattern, channel, payload],
    /// ["invalidate", [keys] or null], ... Set before the first subscription.
    void on_push(std::function<void(const Reply&)> handler);
    /// `true` after each successful (re)connect, `false` after each loss. When it is set on a connected
    /// connection, `true` comes at once.
    void on_state(std::function<void(bool connected)> handler);

    bool connected() const;
    /// Keys read by a command behind CLIENT CACHING YES are tracked: asked for, RESP3, and allowed by the server.
    bool tracking() const;
    /// A connection with subscriptions takes other commands, too; see above. False before the first connect.
    bool resp3() const;
    /// The server's run_id as last seen, empty before the first connect or when INFO is not allowed. Changes
    /// when Redis restarted.
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
