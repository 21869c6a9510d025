// The connections behind delay() and the results, on a thread of their own.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <samovar/message.hpp>
#include <samovar/options.hpp>
#include <samovar/result.hpp>
#include <samovar/task.hpp>

#include "base/io_thread.hpp"
#include "broker/broker.hpp"
#include "task/outgoing.hpp"
#include "task/transport.hpp"

namespace samovar::task {

class AppImpl;

/// Errors: the public ones, see <samovar/error.hpp>. Threads: any.
class Client {
public:
    /// Lifetime: `app` outlives it.
    explicit Client(AppImpl& app);
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Encodes at once, on the calling thread. The awaitable returns when the store has the message.
    boost::asio::awaitable<AsyncResult> publish(Signature call);
    /// See App::async_push().
    boost::asio::awaitable<void> push(Message message);

    /// State PENDING when nothing is known of that task.
    boost::asio::awaitable<TaskResult> read(std::string task_id);
    /// Errors: also TimeoutError.
    boost::asio::awaitable<TaskResult> wait(std::string task_id, std::chrono::milliseconds timeout);
    boost::asio::awaitable<bool> forget(std::string task_id);
    boost::asio::awaitable<std::string> store_run_id();
    boost::asio::awaitable<std::vector<std::string>> store_problems();
    boost::asio::awaitable<Backlog> backlog(std::vector<std::string> queues);

    /// Runs one of these while the calling thread waits.
    template <class T>
    T block_on(boost::asio::awaitable<T> work) {
        return thread_.run(std::move(work));
    }

private:
    boost::asio::awaitable<AsyncResult> send(broker::Outgoing message);

    AppImpl& app_;
    Sender sender_;
    IoThread thread_;
    IoThread::Owned<broker::Broker> broker_;
    IoThread::Owned<Results> results_;
};

}  // namespace samovar::task
