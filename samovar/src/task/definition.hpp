// A registered task as the worker sees it: a name, options, and a handler behind one type.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include <samovar/context.hpp>
#include <samovar/options.hpp>
#include <samovar/value.hpp>

#include "broker/broker.hpp"
#include "message/body.hpp"

namespace samovar::task {

/// A count that any thread may raise. Orders nothing; costs one instruction. A copy begins with the count of its
/// original.
class Tally {
public:
    Tally() = default;
    Tally(const Tally& other) : count_(other.count()) {}
    Tally& operator=(const Tally& other) {
        count_.store(other.count(), std::memory_order_relaxed);
        return *this;
    }

    void add() { count_.fetch_add(1, std::memory_order_relaxed); }
    std::uint64_t count() const { return count_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> count_{0};
};

/// An exception as Celery's result documents describe it.
struct Fault {
    /// Class name, e.g. "runtime_error" or "TypeError".
    std::string type;
    /// Its module or namespace, e.g. "std" or "builtins".
    std::string module;
    /// The exception's arguments; for a C++ exception its what().
    Array arguments;
    std::string traceback;
};

struct Succeeded {
    Value result;
};

struct Failed {
    Fault fault;
    /// The task asked for a dead letter, or it could not be run at all.
    bool dead_letter = false;
    /// Tasks that were to follow and now never will, by their ids: they have failed with it.
    std::vector<std::string> never_sent = {};
};

/// Try again after a pause.
struct Retried {
    /// Without a type: the handler gave none.
    Fault cause;
    std::chrono::milliseconds countdown{0};
};

/// The handler gave the message up without a result.
struct Rejected {
    bool requeue = false;
};

/// What running a task came to. The worker turns it into one completion.
using Outcome = std::variant<Succeeded, Failed, Retried, Rejected>;

/// Runs on a pool thread. Never throws: every exception has become an Outcome.
using BlockingHandler = std::function<Outcome(Context&, const message::Body&)>;
/// Runs on the worker's event loop.
using CoroutineHandler = std::function<boost::asio::awaitable<Outcome>(std::shared_ptr<Context>, message::Body)>;

struct Definition {
    std::string name;
    TaskOptions options;
    std::variant<BlockingHandler, CoroutineHandler> handler;
    /// What its runs are bounded by, across all workers.
    std::vector<broker::Limit> limits = {};
    /// Runs begun in this process.
    mutable Tally started = {};
};

/// Tasks by name. Filled before a worker starts, read-only afterwards, so reading needs no lock.
class Registry {
public:
    /// Errors: std::invalid_argument when the name is taken or empty, or an option is out of its range.
    void add(Definition definition);
    /// nullptr when there is none. Lifetime: the registry's.
    const Definition* find(std::string_view name) const;
    /// What all messages of that queue are bounded by, beside their tasks' own limits.
    void limit_queue(std::string queue, broker::Limit limit);
    /// What a run of that task from that queue is bounded by.
    std::vector<broker::Limit> limits(const Definition& definition, std::string_view queue) const;
    /// In order of names.
    const std::map<std::string, Definition, std::less<>>& all() const { return definitions_; }

private:
    std::map<std::string, Definition, std::less<>> definitions_;
    std::map<std::string, broker::Limit, std::less<>> queue_limits_;
};

}  // namespace samovar::task
