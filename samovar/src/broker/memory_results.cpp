#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "base/run_on.hpp"
#include "broker/memory_store.hpp"
#include "redis/error.hpp"

namespace samovar::broker {
namespace {

using std::chrono::milliseconds;
using Found = std::optional<message::TaskResult>;

/// Longest sleep between two looks: a bound for timers, not a poll.
constexpr milliseconds longest_sleep = std::chrono::hours{1};

}  // namespace

class MemoryResults::Impl {
public:
    Impl(asio::any_io_executor executor, std::shared_ptr<MemoryStore> store)
        : executor_(std::move(executor)), store_(std::move(store)) {}

    const asio::any_io_executor& executor() const { return executor_; }

    Found read(const std::string& task_id) const {
        const auto text = store_->with([&](MemoryState& state) { return state.result(task_id); });
        if (!text) return std::nullopt;
        return message::decode_result(*text);
    }

    bool forget(const std::string& task_id) {
        return store_->with([&](MemoryState& state) { return state.forget_result(task_id); });
    }

    void stop() {
        stopped_ = true;
        const std::lock_guard lock{mutex_};
        for (const auto& weak : waiting_)
            if (const auto watcher = weak.lock()) watcher->stored.raise();
    }

    /// On the executor.
    static asio::awaitable<Found> wait(std::shared_ptr<Impl> self, std::string task_id, milliseconds timeout) {
        const auto watcher = self->watch(task_id);
        const auto start = self->store_->clock().steady();
        for (;;) {
            watcher->stored.reset();
            if (self->stopped_) throw redis::Error{redis::Errc::stopped, "the client was stopped"};
            auto found = self->read(task_id);
            if (found && message::is_final(found->status)) co_return found;
            const auto waited = std::chrono::duration_cast<milliseconds>(self->store_->clock().steady() - start);
            if (waited >= timeout) co_return std::nullopt;
            co_await watcher->stored.wait(std::min(timeout - waited, longest_sleep));
        }
    }

private:
    std::shared_ptr<ResultWatcher> watch(const std::string& task_id) {
        auto watcher = std::make_shared<ResultWatcher>(task_id);
        store_->add(watcher);
        const std::lock_guard lock{mutex_};
        std::erase_if(waiting_, [](const auto& weak) { return weak.expired(); });
        waiting_.push_back(watcher);
        return watcher;
    }

    const asio::any_io_executor executor_;
    const std::shared_ptr<MemoryStore> store_;
    std::atomic<bool> stopped_{false};
    std::mutex mutex_;
    std::vector<std::weak_ptr<ResultWatcher>> waiting_;
};

MemoryResults::MemoryResults(asio::any_io_executor executor, std::shared_ptr<MemoryStore> store)
    : impl_(std::make_shared<Impl>(executor, std::move(store))) {}

MemoryResults::~MemoryResults() { stop(); }

void MemoryResults::stop() { impl_->stop(); }

asio::awaitable<Found> MemoryResults::read(std::string task_id) { co_return impl_->read(task_id); }
asio::awaitable<bool> MemoryResults::forget(std::string task_id) { co_return impl_->forget(task_id); }

asio::awaitable<Found> MemoryResults::wait(std::string task_id, milliseconds timeout) {
    return run_on(impl_->executor(), Impl::wait(impl_, std::move(task_id), timeout));
}

}  // namespace samovar::broker
