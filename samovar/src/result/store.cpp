#include "result/store.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <string_view>
#include <utility>

#include "base/run_on.hpp"
#include "base/signal.hpp"
#include "base/task_group.hpp"
#include "message/decode_error.hpp"
#include "redis/connection.hpp"
#include "redis/error.hpp"
#include "result/keys.hpp"

namespace samovar::result {
namespace {

using std::chrono::milliseconds;
using Found = std::optional<message::TaskResult>;

/// Longest sleep between two looks: a bound for timers, not a poll.
constexpr milliseconds longest_sleep = std::chrono::hours{1};
/// A look has at least so long, so that a wait of nothing looks, too. Unless call_timeout is shorter.
constexpr milliseconds shortest_look{100};
/// Before the next look when the server said that it cannot answer now (it is loading, for instance).
constexpr milliseconds pause_after_refusal{200};

redis::ConnectionOptions connection_options(const StoreOptions& options, std::string_view suffix) {
    redis::ConnectionOptions result;
    result.endpoint = options.endpoint;
    result.client_name = options.client_name + std::string{suffix};
    return result;
}

/// The final result that `text` holds, if it holds one.
Found final_result(const std::string& text) {
    auto document = message::decode_result(text);
    if (!message::is_final(document.status)) return std::nullopt;
    return document;
}

}  // namespace

class Store::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(const asio::any_io_executor& executor, StoreOptions options)
        : executor_(executor),
          options_(std::move(options)),
          commands_(executor, connection_options(options_, "")),
          // With RESP2 a connection that has subscriptions takes no commands, so they have one of their own.
          subscriber_(executor, connection_options(options_, "-results")),
          background_(executor) {}

    void listen() {
        subscriber_.on_push([weak = weak_from_this()](const redis::Reply& push) {
            if (auto self = weak.lock()) self->announced(push);
        });
        subscriber_.on_state([weak = weak_from_this()](bool connected) {
            auto self = weak.lock();
            if (self && !connected) self->look_again();
        });
    }

    void stop() {
        commands_.stop();
        subscriber_.stop();
    }

    const asio::any_io_executor& executor() const { return executor_; }

    asio::awaitable<Found> read(std::string task_id) {
        const auto text = co_await fetch(task_key(options_.prefix, task_id), options_.call_timeout);
        if (!text) co_return std::nullopt;
        co_return message::decode_result(*text);
    }

    asio::awaitable<bool> forget(std::string task_id) {
        const auto key = task_key(options_.prefix, task_id);
        const auto reply =
            co_await commands_.command({"DEL", key}, {.deadline = options_.call_timeout, .resend = true});
        co_return reply.integer() == 1;
    }

    /// On the executor.
    static asio::awaitable<Found> wait(std::shared_ptr<Impl> self, std::string task_id, milliseconds timeout) {
        Waiter here{*self, task_key(self->options_.prefix, task_id)};
        const auto deadline = self->deadline(timeout);
        for (;;) {
            here.signal.reset();
            const auto bound =
                std::min(std::max(self->left(deadline), shortest_look), self->options_.call_timeout);
            auto seen = co_await self->look(here.key, bound);
            if (seen.found) co_return seen.found;
            const auto sleep = std::min(self->left(deadline), seen.failure ? pause_after_refusal : longest_sleep);
            if (sleep > milliseconds{0}) co_await here.signal.wait(sleep);
            if (here.result) co_return here.result;
            if (self->left(deadline) > milliseconds{0}) continue;
            if (seen.failure) std::rethrow_exception(seen.failure);
            co_return std::nullopt;
        }
    }

private:
    /// One wait() under way. Its channel stays subscribed while there is one.
    struct Waiter {
        Waiter(Impl& store, std::string channel)
            : impl(store), key(std::move(channel)), place(store.waiters_.emplace(key, this)) {}
        ~Waiter() { impl.leave(place); }
        Waiter(const Waiter&) = delete;
        Waiter& operator=(const Waiter&) = delete;

        Impl& impl;
        std::string key;
        Signal signal;
        Found result;
        std::multimap<std::string, Waiter*, std::less<>>::iterator place;
    };

    struct Look {
        Found found;
        /// The store could not be asked, but may be soon.
        std::exception_ptr failure;
    };

    SteadyTime deadline(milliseconds timeout) const {
        const auto now = options_.clock->steady();
        const bool beyond = timeout > std::chrono::duration_cast<milliseconds>(SteadyTime::max() - now);
        return beyond ? SteadyTime::max() : now + timeout;
    }

    milliseconds left(SteadyTime deadline) const {
        return std::chrono::ceil<milliseconds>(deadline - options_.clock->steady());
    }

    /// Subscribes, then looks: whatever is stored after the look is announced.
    asio::awaitable<Look> look(std::string key, milliseconds at_most) {
        std::exception_ptr failure;
        try {
            co_await subscriber_.subscribe({key}, {.deadline = at_most, .resend = true});
            const auto text = co_await fetch(std::move(key), at_most);
            co_return Look{.found = text ? final_result(*text) : std::nullopt, .failure = nullptr};
        } catch (const redis::Error& error) {
            if (!redis::is_transient(error)) throw;
            failure = std::current_exception();
        }
        co_return Look{.found = std::nullopt, .failure = failure};
    }

    asio::awaitable<std::optional<std::string>> fetch(std::string key, milliseconds at_most) {
        auto reply = co_await commands_.command({"GET", key}, {.deadline = at_most, .resend = true});
        if (reply.is_null()) co_return std::nullopt;
        co_return std::move(reply.text());
    }

    /// ["message", channel, document]
    void announced(const redis::Reply& push) {
        const auto& parts = push.array();
        if (parts.size() != 3 || parts[0].text() != "message") return;
        const auto [first, last] = waiters_.equal_range(parts[1].text());
        if (first == last) return;
        Found result;
        try {
            result = final_result(parts[2].text());
        } catch (const message::DecodeError&) {
            return;  // anybody may publish there; what counts is what is stored
        }
        if (!result) return;
        for (auto waiter = first; waiter != last; ++waiter) {
            waiter->second->result = result;
            waiter->second->signal.raise();
        }
    }

    void look_again() {
        for (const auto& [key, waiter] : waiters_) waiter->signal.raise();
    }

    void leave(std::multimap<std::string, Waiter*, std::less<>>::iterator place) {
        const auto key = place->first;
        waiters_.erase(place);
        if (!waiters_.contains(key)) background_.spawn(unsubscribe(shared_from_this(), key));
    }

    static asio::awaitable<void> unsubscribe(std::shared_ptr<Impl> self, std::string key) {
        if (self->waiters_.contains(key)) co_return;
        try {
            co_await self->subscriber_.unsubscribe({key}, {.deadline = self->options_.call_timeout});
        } catch (const redis::Error&) {
            // Dropped: the connection is gone and its subscriptions with it.
        }
    }

    asio::any_io_executor executor_;
    StoreOptions options_;
    redis::Connection commands_;
    redis::Connection subscriber_;
    TaskGroup background_;
    std::multimap<std::string, Waiter*, std::less<>> waiters_;
};

Store::Store(asio::any_io_executor executor, StoreOptions options)
    : impl_(std::make_shared<Impl>(executor, std::move(options))) {
    impl_->listen();
}

Store::~Store() { stop(); }

void Store::stop() { impl_->stop(); }

asio::awaitable<Found> Store::read(std::string task_id) { return impl_->read(std::move(task_id)); }
asio::awaitable<bool> Store::forget(std::string task_id) { return impl_->forget(std::move(task_id)); }

asio::awaitable<Found> Store::wait(std::string task_id, milliseconds timeout) {
    // The waiters are the executor's own, so that announcing needs no lock.
    return run_on(impl_->executor(), Impl::wait(impl_, std::move(task_id), timeout));
}

}  // namespace samovar::result
