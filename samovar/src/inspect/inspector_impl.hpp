// What an Inspector is made of. Its coroutines run on its own thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <samovar/inspect.hpp>

#include "base/io_thread.hpp"
#include "broker/broker.hpp"
#include "task/app_impl.hpp"

namespace samovar {

namespace asio = boost::asio;

/// Errors: what the broker throws. What each call does, <samovar/inspect.hpp> says.
struct Inspector::Impl {
    explicit Impl(task::AppImpl& app)
        : app_(&app), broker_(thread_.own(app.make_broker(thread_.executor(), app.name() + "-inspect"))) {}

    asio::awaitable<DelayedPage> delayed(std::size_t rank, std::size_t count);
    asio::awaitable<std::vector<DelayedTask>> find_delayed(std::string task_id);
    asio::awaitable<std::size_t> cancel(std::string task_id);
    asio::awaitable<std::size_t> run_now(std::string task_id);

    asio::awaitable<std::vector<DeadLetter>> dead_letters();
    asio::awaitable<std::vector<DeadLetter>> find_dead(std::string id);
    asio::awaitable<std::optional<std::string>> content(DeadLetter letter);
    asio::awaitable<bool> retry(DeadLetter letter, std::string queue);
    asio::awaitable<bool> drop(DeadLetter letter);

    asio::awaitable<NodeAnswers> ask(Question question);

    /// Errors: the public ones.
    template <class T>
    T block_on(asio::awaitable<T> work);
    /// The same for a coroutine on another event loop: connections are made and closed on the thread that serves
    /// them.
    template <class T>
    asio::awaitable<T> wait_for(asio::awaitable<T> work);

private:
    task::AppImpl* app_;
    IoThread thread_;
    IoThread::Owned<broker::Broker> broker_;
};

}  // namespace samovar
