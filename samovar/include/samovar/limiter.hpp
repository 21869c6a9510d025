// Rate limits that C++ and Python instances of one service share: the grammar, keys, values and counts of Python's
// `limits` library, in one round trip for all limits of a check.
//
//     samovar::limits::Limiter limiter{executor, {.store_url = "redis://127.0.0.1:6379/0"}};
//     const auto limits = samovar::limits::parse("3/minute; 20/hour");
//     const auto decision = co_await limiter.hit(samovar::limits::hits(limits, {address, path}));
//     if (!decision.allowed()) ...
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <samovar/clock.hpp>
#include <samovar/limits.hpp>

namespace samovar::limits {

/// Something to be counted against a limit.
struct Hit {
    Limit limit;
    /// Who and what is limited, such as an address and a path: they are parts of the counter's key, so whoever
    /// gives the same ones shares the counter. At least one; what they hold is visible in the store.
    std::vector<std::string> identifiers;
    /// At least 1, at most 1,000,000,000; with Strategy::moving_window at most 10,000.
    std::int64_t cost = 1;
};

/// One hit for each limit, all with the same identifiers and cost.
std::vector<Hit> hits(const std::vector<Limit>& limits, const std::vector<std::string>& identifiers,
                      std::int64_t cost = 1);

enum class Counting : std::uint8_t {
    /// Hits are counted one after the other, up to the first that is refused: those before it stay counted, those
    /// behind it are not looked at. What slowapi does.
    in_order,
    /// All are counted, or none.
    all_or_nothing,
};

/// A limit's state after the check.
struct Window {
    /// What still fits in.
    std::int64_t remaining = 0;
    /// Until more fits in: the fixed window's end, the moving window's oldest entry leaving it, the sliding
    /// window's next decrease.
    std::chrono::microseconds reset_in{0};

    bool operator==(const Window&) const = default;
};

/// Who decided.
enum class Source : std::uint8_t { store, memory, policy };

struct Decision {
    /// The position of the first hit that was refused.
    std::optional<std::size_t> refused;
    /// One for each hit; with Counting::in_order only up to the refused one. Empty when OnStoreDown::allow or
    /// deny decided.
    std::vector<Window> windows;
    Source source = Source::store;

    bool allowed() const { return !refused; }
};

struct LimiterOptions {
    /// redis://, rediss://, unix://, redis+socket://, or memory:// to count in this process alone.
    std::string store_url = "redis://127.0.0.1:6379/0";
    Strategy strategy = Strategy::fixed_window;
    /// Put in front of every key as it is. Versions 3 and later of Python's library use "LIMITS:", 2.x nothing.
    std::string prefix = "LIMITS:";
    OnStoreDown on_store_down = OnStoreDown::local;
    /// Bound on each call to the store; whoever passes it is down, and is not asked again until a connection to
    /// it was made anew.
    std::chrono::milliseconds deadline{100};
    /// Bound on what memory holds: counters, and entries of moving windows. The first to end goes first.
    std::size_t memory_capacity = 50'000;
    /// Times what is counted in memory. Lifetime: must outlive the Limiter. The store has its own clock.
    const Clock* clock = &system_clock();
};

/// Decides whether something may happen now.
///
/// A check that the store did not answer in time may have been counted there, and is decided as
/// LimiterOptions::on_store_down says; while the store is known to be down nothing waits for it.
///
/// Threads: any; a coroutine goes on where it came from.
/// Lifetime: the executor's context outlives the Limiter, and the Limiter every call.
class Limiter {
public:
    /// Connects at once and whenever the connection is lost.
    /// Errors: ConfigurationError for a URL or an option that cannot be used.
    Limiter(boost::asio::any_io_executor executor, LimiterOptions options);
    ~Limiter();
    Limiter(const Limiter&) = delete;
    Limiter& operator=(const Limiter&) = delete;

    /// Counts. Errors: ConfigurationError for a hit without identifiers or with a cost out of bounds; nothing
    /// was counted.
    boost::asio::awaitable<Decision> hit(std::vector<Hit> hits, Counting counting = Counting::in_order);
    /// What hit() with all_or_nothing would decide now; counts nothing. Errors: as hit().
    boost::asio::awaitable<Decision> test(std::vector<Hit> hits);
    /// Forgets what was counted for these limits and identifiers.
    /// Errors: as hit(); StoreUnavailable when only memory was cleared.
    boost::asio::awaitable<void> clear(std::vector<Hit> hits);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace samovar::limits
