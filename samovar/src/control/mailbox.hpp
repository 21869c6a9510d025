// Remote control on Redis: hears what is asked of all nodes, answers what concerns this one.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "base/signal.hpp"
#include "broker/redis_session.hpp"
#include "control/lamport_clock.hpp"
#include "control/node.hpp"
#include "message/control.hpp"

namespace samovar::control {

/// Requests come by a connection of the mailbox's own, so that a flood of them delays nothing else that the worker
/// does; they are answered one after another, and what comes while too many wait is dropped. What is published
/// while the connection is lost is not heard, as in Celery.
///
/// Threads: every member on the executor, which runs one thing at a time.
/// Lifetime: the node outlives it; the executor's context is destroyed after it and runs nothing by then.
class Mailbox {
public:
    Mailbox(asio::any_io_executor executor, Node& node);
    ~Mailbox();

    /// Subscribes, calls `listening` once that is done or refused, and answers until stop().
    asio::awaitable<void> run(std::function<void()> listening);
    void stop();

private:
    struct Post;

    asio::awaitable<void> subscribe();
    asio::awaitable<void> handle(std::string bytes);
    asio::awaitable<void> send(message::ReplyAddress to, std::string envelope);
    broker::RedisSession& answering();

    const asio::any_io_executor executor_;
    Node& node_;
    LamportClock clock_;
    std::unique_ptr<broker::RedisSession> listening_;
    /// Only where RESP3 is not spoken: there a connection that listens takes no commands. Made for the first
    /// answer.
    std::unique_ptr<broker::RedisSession> answering_;
    std::shared_ptr<Post> post_;
    bool stopped_ = false;
};

}  // namespace samovar::control
