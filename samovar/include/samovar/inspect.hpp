// Looking at an installation and putting it in order: delayed tasks, dead letters, and what workers say of
// themselves.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include <samovar/backlog.hpp>
#include <samovar/clock.hpp>
#include <samovar/value.hpp>

namespace samovar {

class App;

/// A task that waits for its time, for a retry, or for room in a limit.
struct DelayedTask {
    /// Unique among the delayed.
    std::string member;
    /// Empty when the message cannot be read, as `task`.
    std::string id;
    std::string task;
    std::string queue;
    /// When it goes to its queue. What waits for room in a limit goes earlier, as soon as there is some.
    WallTime due{};
    std::int64_t retries = 0;
};

struct DelayedPage {
    /// The earliest first.
    std::vector<DelayedTask> tasks;
    /// The rank at which the next page begins; nullopt: this was the last one.
    std::optional<std::size_t> next;
};

/// One of Celery's inspect commands, asked of workers in C++ and Python.
struct Question {
    /// "ping", "active", "stats", ...
    std::string method;
    Object arguments = {};
    /// Names of nodes; empty: all.
    std::vector<std::string> destination = {};
    std::chrono::milliseconds timeout{1'000};
};

/// What each node answered, by its name.
using NodeAnswers = std::map<std::string, Value>;

/// Has connections and one thread of its own, which end with it. Everything exists twice: the plain calls block,
/// the async_ ones are for coroutines.
///
/// Errors: every call may throw StoreUnavailable. Lifetime: the App outlives it; it outlives its coroutines.
/// Threads: any; the blocking calls must not be made from a coroutine that runs on an event loop.
class Inspector {
public:
    /// Nothing is connected yet. Errors: ConfigurationError.
    explicit Inspector(App& app);
    ~Inspector();
    Inspector(const Inspector&) = delete;
    Inspector& operator=(const Inspector&) = delete;

    /// At most `count` delayed tasks from that rank on. What becomes due between two pages may be missing from the
    /// second one.
    DelayedPage delayed(std::size_t rank = 0, std::size_t count = 500);
    boost::asio::awaitable<DelayedPage> async_delayed(std::size_t rank = 0, std::size_t count = 500);

    /// Those of that task: none, one, or several copies that were sent with one id.
    std::vector<DelayedTask> find_delayed(std::string task_id);
    boost::asio::awaitable<std::vector<DelayedTask>> async_find_delayed(std::string task_id);

    /// Removes every copy of that task from the delayed and stores REVOKED as its result, unless it ignores
    /// results. Returns how many there were.
    std::size_t cancel(std::string task_id);
    boost::asio::awaitable<std::size_t> async_cancel(std::string task_id);

    /// Moves every copy of that task to the consuming end of its queue, without its eta, which would hold it up
    /// again. Returns how many there were.
    std::size_t run_now(std::string task_id);
    boost::asio::awaitable<std::size_t> async_run_now(std::string task_id);

    /// All dead letters, the oldest first.
    std::vector<DeadLetter> dead_letters();
    boost::asio::awaitable<std::vector<DeadLetter>> async_dead_letters();

    /// Those with that task id, of which there may be several, or with that member name.
    std::vector<DeadLetter> find_dead(std::string id);
    boost::asio::awaitable<std::vector<DeadLetter>> async_find_dead(std::string id);

    /// The message as it was received; nullopt when the letter is gone.
    std::optional<std::string> content(DeadLetter letter);
    boost::asio::awaitable<std::optional<std::string>> async_content(DeadLetter letter);

    /// Puts the message back, byte for byte, at its priority: into `queue`, or when that is empty into the queue
    /// it came from. False when the letter was gone.
    bool retry(DeadLetter letter, std::string queue = {});
    boost::asio::awaitable<bool> async_retry(DeadLetter letter, std::string queue = {});

    /// Deletes it. False when the letter was gone.
    bool drop(DeadLetter letter);
    boost::asio::awaitable<bool> async_drop(DeadLetter letter);

    /// Returns when all that were asked have answered, or after the question's timeout with the answers of those
    /// that have. An answer that cannot be read is left out, with a warning in the log. Errors: ConfigurationError
    /// with memory://, which has no workers elsewhere.
    NodeAnswers ask(Question question);
    boost::asio::awaitable<NodeAnswers> async_ask(Question question);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace samovar
