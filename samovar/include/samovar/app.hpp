// An application: its tasks, and where they travel.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include <samovar/backlog.hpp>
#include <samovar/detail/handler.hpp>
#include <samovar/message.hpp>
#include <samovar/options.hpp>
#include <samovar/result.hpp>
#include <samovar/schedule.hpp>
#include <samovar/task.hpp>

namespace samovar {

/// Tasks are registered first; afterwards the App is only read, and may be used from any thread.
///
/// The first call that needs the store starts one thread with the client's connections, which ends with the App.
/// Lifetime: the App must outlive every Task and AsyncResult made from it, and every coroutine of theirs.
class App {
public:
    /// Nothing is connected yet. Errors: ConfigurationError for a URL or an option that cannot be used.
    explicit App(std::string name, AppOptions options = {});
    ~App();
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    /// Registers a task. `Args` is a described struct, possibly without members (see convert.hpp). The handler,
    /// which is called by several threads at a time, is one of
    ///   R(Context&, const Args&)   R(const Args&)                                  run by a pool thread
    ///   awaitable<R>(std::shared_ptr<Context>, Args)   awaitable<R>(Args)          run by the worker's event loop
    /// with R void or anything that convert.hpp covers: the task's result.
    ///
    /// Arguments that do not fit `Args` fail the task as a TypeError, as in Python, with a dead letter.
    /// An exception fails it, or has it tried again as `options.retry` says.
    /// Errors: std::invalid_argument when the name is empty or taken.
    template <class Args, class Handler>
    Task<Args> task(std::string name, Handler handler, TaskOptions options = {}) {
        add(name, std::move(options), detail::make_call<Args>(name, std::move(handler)));
        return {*this, std::move(name)};
    }

    /// A task that is registered elsewhere, in C++ or Python, to be sent from here.
    template <class Args>
    Task<Args> remote(std::string name) {
        return {*this, std::move(name)};
    }

    /// Publishes a call of any task, registered here or not; options of a registered one apply.
    /// Errors: as Task.
    AsyncResult send(Signature call);
    boost::asio::awaitable<AsyncResult> async_send(Signature call);
    AsyncResult send(std::string name, Array args = {}, Object kwargs = {}, CallOptions options = {}) {
        return send(Signature{std::move(name), std::move(args), std::move(kwargs), std::move(options)});
    }

    /// Publishes a message that was made by a MessageWriter, here or in another process, byte for byte, and once:
    /// a repetition within 24 hours changes nothing, so that it may follow any error but MessageRefused. Errors:
    /// StoreUnavailable; MessageRefused for bytes that no MessageWriter wrote (their first and last ones are
    /// looked at, nothing is parsed), MessageTooLarge among them.
    boost::asio::awaitable<void> async_push(Message message);

    /// Has beat send `call` at each slot of `schedule`, with the headers periodic_task_name (`name`) and
    /// periodic_slot (the slot's time). Options of a task that is registered here apply, too. The first slot is
    /// the first after the entry was new to the store, or was changed. Errors: std::invalid_argument when the name
    /// is empty or taken, or when `call` has an option of one message alone: id, eta, expires or once.
    void beat(std::string name, Schedule schedule, Signature call, BeatOptions options = {});

    /// The result of a task by its id, whoever sent it.
    AsyncResult result(std::string id);

    /// Names the store's present process: another one after each restart of Redis, which may have lost what was
    /// published shortly before. Errors: StoreUnavailable.
    boost::asio::awaitable<std::string> async_store_run_id();

    /// What in the set-up of the broker's Redis may cost tasks, a sentence each; empty: all is well. Reported are
    /// an evicting maxmemory-policy, no persistence, and a server before Redis 7. Errors: StoreUnavailable.
    boost::asio::awaitable<std::vector<std::string>> async_store_problems();

    /// How much waits, in the queues of queues() and elsewhere. Errors: StoreUnavailable.
    boost::asio::awaitable<Backlog> async_backlog();

    /// Every queue that tasks are routed to, in order of names: what a worker consumes by default.
    std::vector<std::string> queues() const;

    const std::string& name() const;
    const AppOptions& options() const;

    /// For the engine's own parts; its type is not part of the interface.
    task::AppImpl& impl() { return *impl_; }

private:
    void add(std::string name, TaskOptions options, detail::Call call);

    std::unique_ptr<task::AppImpl> impl_;
};

// Looking after what killed workers left, from a process that stays and is no worker: an API, a relay.

struct HousekeepingOptions {
    /// A worker is taken for dead when its lease has ended and the store has answered for so long without a gap,
    /// or for as long as that worker's own lease, if it is longer.
    std::chrono::milliseconds lease{10'000};
    /// Called, on a thread of the engine's and after an error in the log, when it has ended unasked, which only a
    /// fault of the program can bring about. For a process to end, so that its supervisor starts a sound one.
    std::function<void()> ended = [] {};
};

/// From construction to destruction messages that dead workers held go back to their queues, and delayed ones that
/// nobody else moves are moved half a second after their time. Workers and beats do the same by themselves; any
/// number may do it at a time. Without any of them `rescue` does it once.
///
/// Nothing is thrown while the store cannot be reached: it is asked again.
/// Errors: std::invalid_argument for a lease below 10 ms; ConfigurationError. Threads: one of its own.
/// Lifetime: the App outlives it.
class Housekeeping {
public:
    explicit Housekeeping(App& app, HousekeepingOptions options = {});
    ~Housekeeping();
    Housekeeping(const Housekeeping&) = delete;
    Housekeeping& operator=(const Housekeeping&) = delete;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace samovar
