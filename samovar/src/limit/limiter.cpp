#include <samovar/limiter.hpp>

#include <atomic>
#include <utility>

#include <samovar/error.hpp>
#include <samovar/log.hpp>

#include "limit/memory_store.hpp"
#include "limit/redis_store.hpp"
#include "redis/error.hpp"

namespace samovar::limits {
namespace {

constexpr std::string_view memory_url = "memory://";
constexpr std::chrono::minutes complaint_interval{1};

std::unique_ptr<RedisStore> connect(const boost::asio::any_io_executor& executor, const LimiterOptions& options) {
    if (options.store_url == memory_url) return nullptr;
    try {
        return std::make_unique<RedisStore>(executor,
                                            RedisStoreOptions{.endpoint = redis::parse_url(options.store_url),
                                                              .strategy = options.strategy,
                                                              .deadline = options.deadline});
    } catch (const redis::Error& error) {
        throw ConfigurationError(std::string{"store_url: "} + error.what());
    }
}

LimiterOptions checked(LimiterOptions options) {
    if (options.deadline <= std::chrono::milliseconds::zero())
        throw ConfigurationError{"deadline: must be above zero"};
    if (options.memory_capacity == 0) throw ConfigurationError{"memory_capacity: must be above zero"};
    return options;
}

/// The store answered, in another way than promised: it works, and its connection, too.
bool is_answered(const redis::Error& error) {
    return error.kind() == redis::Errc::server_error || error.kind() == redis::Errc::unexpected_reply;
}

}  // namespace

class Limiter::Impl {
public:
    Impl(const boost::asio::any_io_executor& executor, LimiterOptions options)
        : options_(checked(std::move(options))),
          memory_(options_.strategy, *options_.clock, options_.memory_capacity),
          store_(connect(executor, options_)) {}

    asio::awaitable<Decision> check(std::vector<Hit> hits, Mode mode) {
        auto counters = make_counters(hits, options_.strategy, options_.prefix);
        if (counters.empty()) co_return Decision{.refused = {}, .windows = {}, .source = Source::policy};
        if (!store_) co_return memory_.check(counters, mode);
        if (auto decision = co_await ask(counters, mode)) co_return *std::move(decision);
        co_return without_store(counters, mode);
    }

    asio::awaitable<void> clear(std::vector<Hit> hits) {
        auto counters = make_counters(hits, options_.strategy, options_.prefix);
        memory_.clear(counters);
        if (!store_ || counters.empty()) co_return;
        if (!store_->may_answer()) throw StoreUnavailable{"the store of rate limits does not answer"};
        try {
            co_await store_->clear(std::move(counters));
        } catch (const redis::Error& error) {
            note(error);
            throw StoreUnavailable{error.what()};
        }
    }

private:
    // Nothing when the store cannot decide now.
    asio::awaitable<std::optional<Decision>> ask(std::vector<Counter> counters, Mode mode) {
        if (!store_->may_answer()) co_return std::nullopt;
        try {
            auto decision = co_await store_->check(std::move(counters), mode);
            if (down_.load(std::memory_order_relaxed) && down_.exchange(false))
                log::info("rate limits are counted in the store again");
            co_return decision;
        } catch (const redis::Error& error) {
            note(error);
        }
        co_return std::nullopt;
    }

    void note(const redis::Error& error) {
        if (is_answered(error)) return complain(error);
        store_->give_up();
        if (!down_.exchange(true))
            log::warning("rate limits: the store does not answer", {{"error", error.what()}});
    }

    // Such as WRONGTYPE, where another process counts by another strategy: some checks fail and others do not.
    void complain(const redis::Error& error) {
        const auto now = options_.clock->steady().time_since_epoch();
        auto due = complaint_due_.load();
        if (now >= due && complaint_due_.compare_exchange_strong(due, now + complaint_interval))
            log::warning("rate limits: the store refuses", {{"error", error.what()}});
    }

    Decision without_store(const std::vector<Counter>& counters, Mode mode) {
        switch (options_.on_store_down) {
            case OnStoreDown::local:
                return memory_.check(counters, mode);
            case OnStoreDown::allow:
                return {.refused = {}, .windows = {}, .source = Source::policy};
            case OnStoreDown::deny:
                break;
        }
        return {.refused = 0, .windows = {}, .source = Source::policy};
    }

    LimiterOptions options_;
    MemoryStore memory_;
    /// Null: memory:// was asked for.
    std::unique_ptr<RedisStore> store_;
    /// The last call to the store went unanswered.
    std::atomic<bool> down_ = false;
    std::atomic<SteadyTime::duration> complaint_due_ = SteadyTime::duration::zero();
};

Limiter::Limiter(boost::asio::any_io_executor executor, LimiterOptions options)
    : impl_(std::make_unique<Impl>(executor, std::move(options))) {}
Limiter::~Limiter() = default;

boost::asio::awaitable<Decision> Limiter::hit(std::vector<Hit> hits, Counting counting) {
    const auto mode = counting == Counting::in_order ? Mode::in_order : Mode::all_or_nothing;
    return impl_->check(std::move(hits), mode);
}

boost::asio::awaitable<Decision> Limiter::test(std::vector<Hit> hits) {
    return impl_->check(std::move(hits), Mode::test);
}

boost::asio::awaitable<void> Limiter::clear(std::vector<Hit> hits) { return impl_->clear(std::move(hits)); }

}  // namespace samovar::limits
