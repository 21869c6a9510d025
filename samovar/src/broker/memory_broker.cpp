#include "broker/memory_broker.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "broker/memory_store.hpp"

namespace samovar::broker {
namespace {

// Every call lets others run, as a round trip does: a loop that calls in a circle must not keep its thread.
asio::awaitable<void> let_others_run() {
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
}

class MemoryBroker final : public Broker {
public:
    MemoryBroker(std::shared_ptr<MemoryStore> store, MemoryOptions options)
        : store_(std::move(store)), options_(options), watcher_(std::make_shared<MemoryWatcher>()) {
        store_->add(watcher_);
    }

    asio::awaitable<Published> publish(Outgoing message) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.publish(std::move(message)); });
    }

    asio::awaitable<void> publish_many(std::vector<Outgoing> messages) override {
        co_await let_others_run();
        store_->with([&](MemoryState& state) {
            for (auto& message : messages) state.publish(std::move(message));
        });
    }

    asio::awaitable<Reservation> reserve(Identity who, ReserveOptions options) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.reserve(who, options, options_); });
    }

    asio::awaitable<bool> watch(std::vector<Route> routes) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) {
            store_->watch(*watcher_, routes);
            return std::ranges::any_of(routes, [&](const Route& route) {
                const auto queue = state.queues().find(route);
                return queue != state.queues().end() && !queue->second.empty();
            });
        });
    }

    asio::awaitable<void> wait(std::chrono::milliseconds at_most) override {
        const auto watcher = watcher_;
        co_await watcher->queues.wait(at_most);
    }
    void interrupt_wait() override {
        watcher_->queues.raise();
        watcher_->delayed.raise();
    }

    asio::awaitable<void> wait_for_delayed(std::chrono::milliseconds at_most) override {
        const auto watcher = watcher_;
        co_await watcher->delayed.wait(at_most);
        watcher->delayed.reset();
    }

    asio::awaitable<void> listen_for_handover(std::function<void()> handler) override {
        store_->with([&](MemoryState&) { watcher_->handed_over = std::move(handler); });
        co_return;
    }

    asio::awaitable<DelayedPage> delayed(std::size_t rank, std::size_t count) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.delayed_page(rank, count); });
    }

    asio::awaitable<std::vector<DelayedMessage>> find_delayed(std::string task_id) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.find_delayed(task_id); });
    }

    asio::awaitable<bool> cancel_delayed(Cancellation cancelled) override {
        co_await let_others_run();
        co_return store_->with(
            [&](MemoryState& state) { return state.cancel_delayed(std::move(cancelled), options_); });
    }

    asio::awaitable<bool> run_delayed(std::string member, std::string envelope) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.run_delayed(member, std::move(envelope)); });
    }

    asio::awaitable<Backlog> backlog(std::vector<std::string> queues) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.backlog(queues); });
    }

    asio::awaitable<Stepped> complete(Identity who, Step step) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.complete(who, std::move(step), options_); });
    }

    asio::awaitable<std::vector<Started>> start(Identity, std::vector<Start> starts) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.start(starts); });
    }

    asio::awaitable<std::size_t> let_waiting_in() override {
        co_await let_others_run();
        co_return store_->with([](MemoryState& state) { return state.let_waiting_in(); });
    }

    asio::awaitable<Lease> renew(Renewal renewal) override {
        co_await let_others_run();
        auto renewed = store_->with([&](MemoryState& state) { return state.renew(renewal); });
        renewed.run_id = store_->id();
        co_return renewed;
    }

    asio::awaitable<Promotion> promote(Identity who, std::size_t max_messages, bool all) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.promote(who, max_messages, all); });
    }

    asio::awaitable<Reaped> reap(Sight sight, std::size_t max_messages) override {
        co_await let_others_run();
        auto reaped = store_->with([&](MemoryState& state) { return state.reap(sight, max_messages, options_); });
        reaped.run_id = store_->id();
        co_return reaped;
    }

    // A store in memory is as old as its process.
    asio::awaitable<Reaped> take_over(Sight, std::size_t) override {
        co_await let_others_run();
        co_return Reaped{};
    }

    asio::awaitable<Retired> retire(Identity who, std::size_t max_messages) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.retire(who, max_messages); });
    }

    asio::awaitable<void> store_results(std::vector<ResultWrite> results) override {
        co_await let_others_run();
        store_->with([&](MemoryState& state) { state.store_results(std::move(results), options_); });
    }

    // No Python worker shares this store.
    asio::awaitable<std::size_t> restore_foreign(std::chrono::seconds) override {
        co_await let_others_run();
        co_return 0;
    }

    asio::awaitable<std::vector<DeadLetter>> dead_letters(std::size_t offset, std::size_t count) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.dead_letters(offset, count); });
    }

    asio::awaitable<std::optional<std::string>> dead_envelope(std::string member) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.dead_envelope(member); });
    }

    asio::awaitable<bool> retry_dead(std::string member, Route to) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.retry_dead(member, to); });
    }

    asio::awaitable<std::size_t> drop_dead(std::vector<std::string> members) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.drop_dead(members); });
    }

    asio::awaitable<std::size_t> expire_dead(WallTime before) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.expire_dead(before); });
    }

    asio::awaitable<Registered> registered() override {
        co_await let_others_run();
        auto registered = store_->with([](MemoryState& state) { return state.registered(); });
        registered.run_id = store_->id();
        co_return registered;
    }

    asio::awaitable<Rescued> rescue(WallTime last_renewal, std::size_t max_messages) override {
        co_await let_others_run();
        co_return store_->with([&](MemoryState& state) { return state.rescue(last_renewal, max_messages); });
    }

    asio::awaitable<std::size_t> set_aside() override {
        co_await let_others_run();
        co_return store_->with([](MemoryState& state) { return std::as_const(state).set_aside(); });
    }

    asio::awaitable<std::string> run_id() override { co_return store_->id(); }
    asio::awaitable<std::vector<std::string>> store_problems() override { co_return std::vector<std::string>{}; }
    void reconnect() override {
        watcher_->queues.raise();
        watcher_->delayed.raise();
    }

private:
    const std::shared_ptr<MemoryStore> store_;
    const MemoryOptions options_;
    const std::shared_ptr<MemoryWatcher> watcher_;
};

}  // namespace

std::unique_ptr<Broker> make_memory_broker(std::shared_ptr<MemoryStore> store, MemoryOptions options) {
    return std::make_unique<MemoryBroker>(std::move(store), options);
}

}  // namespace samovar::broker
