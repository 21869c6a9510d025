// How tasks, clients and workers behave. Every field has its default here; zero means what its comment says.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <samovar/clock.hpp>
#include <samovar/value.hpp>

namespace samovar {

/// Whether an exception is of a kind; empty: there is no such kind. See exceptions().
using ExceptionKind = std::function<bool(const std::exception_ptr&)>;

namespace detail {
template <class Type>
bool is_exception(const std::exception_ptr& exception) {
    try {
        std::rethrow_exception(exception);
    } catch (const Type&) {
        return true;
    } catch (...) {
        return false;
    }
}
}  // namespace detail

/// Exceptions of one of these types, or derived from one of them.
template <class... Types>
ExceptionKind exceptions() {
    return [](const std::exception_ptr& exception) { return (detail::is_exception<Types>(exception) || ...); };
}

/// When a failed task is tried again. Context::retry and PermanentFailure have the last word.
struct RetryPolicy {
    /// Attempts after the first; 0: none. Celery's max_retries.
    int max = 0;
    /// Pause before the first retry; doubles with each further one up to `backoff_max`.
    /// Zero: `countdown` before each.
    std::chrono::milliseconds backoff{0};
    std::chrono::milliseconds backoff_max{600'000};
    /// A fixed pause, used when `backoff` is zero.
    std::chrono::milliseconds countdown{180'000};
    /// Share of each pause that is random, 0 to 1: 1 is full jitter (Celery's retry_jitter), 0.5 keeps half fixed.
    double jitter = 0;
    /// Only these are tried again; empty: any. Celery's autoretry_for.
    ExceptionKind only = {};
    /// These are not; they fail the task at once. Celery's dont_autoretry_for.
    ExceptionKind never = {};
};

/// One call is enough: while a call has the claim, another one with the same key sends nothing and stands for the
/// first, whose id it returns.
struct Unique {
    enum class Until {
        /// The first one has ended: succeeded, failed for good, or been revoked. A retry is no end.
        done,
        /// Its time is over, whatever became of it.
        time,
    };
    Until until = Until::done;
    /// The claim ends after that in any case: its task may never end.
    std::chrono::milliseconds life{3'600'000};
    /// What makes two calls of the task the same; empty: equal arguments.
    std::string key = {};
};

/// How much all workers of an application together run of a task, or of a queue. What finds no room waits in the
/// store, not in a worker: it holds up nothing else.
struct Limit {
    /// At the same time; 0: any number.
    unsigned at_once = 0;
    /// As Celery's rate_limit: "10/s", "10/m", "10/h"; "10" is "10/s". Starts are spread evenly: "10/m" is one
    /// every six seconds. Empty: any number.
    std::string rate = {};
};

/// Whether several runs of a task may overlap; if not, what a message does while another run is under way.
enum class Exclusive {
    /// They may.
    no,
    /// It waits in the store, listed among the delayed, and starts when the other has ended.
    wait,
    /// It ends as REVOKED. For periodic tasks, whose next message comes anyway.
    skip,
};

/// Options of one task, given at registration.
struct TaskOptions {
    /// Acknowledge after the handler ended instead of before it starts: the task runs again when its worker dies.
    bool acks_late = false;
    RetryPolicy retry = {};
    /// Queue of this task's messages; empty: the application's routing table decides.
    std::string queue = {};
    /// Store no result.
    bool ignore_result = false;
    /// A task that fails for good also leaves a dead letter.
    bool dead_letter_on_failure = false;
    /// Written in place of the arguments in the message's argsrepr and kwargsrepr, which logs, events and Flower
    /// show; nullopt: the arguments themselves.
    std::optional<std::string> redacted_repr = std::nullopt;
    /// Default priority, 0 (served first) to 9.
    int priority = 0;
    /// The message expires this long after it was sent; zero: never.
    std::chrono::milliseconds expires{0};
    /// At most one run at a time across all workers of this application. A run ends when its task does, or when
    /// its worker has lost its lease: it may not know that yet, so what it writes has to be fenced
    /// (Context::fence).
    Exclusive exclusive = Exclusive::no;
    Limit limit = {};
    /// nullopt: every call is sent.
    std::optional<Unique> unique = std::nullopt;
};

/// Options of one call, stronger than the task's.
struct CallOptions {
    /// Empty: the task's queue, else the routing table's, else AppOptions::default_queue.
    std::string queue = {};
    /// Not before that much time has passed; zero: at once.
    std::chrono::milliseconds countdown{0};
    /// Not before this time. At most one of countdown and eta may be given.
    std::optional<WallTime> eta = std::nullopt;
    /// Not after this time: the task is revoked instead.
    std::optional<WallTime> expires = std::nullopt;
    /// Empty: a fresh UUID.
    std::string id = {};
    std::optional<int> priority = std::nullopt;
    /// Custom headers beside Celery's own.
    Object headers = {};
    /// Publish only if this id was not published with `once` in the last 24 hours; needs `id`.
    bool once = false;
    std::optional<Unique> unique = std::nullopt;
};

/// How an entry of beat behaves (App::beat). Where messages go and how they look say the CallOptions of its call.
struct BeatOptions {
    /// The message expires this long after it was sent; zero: never.
    std::chrono::milliseconds expires{0};
    /// Of the slots that passed while no beat was running, one runs on return if the last of them is no older than
    /// this. Zero: none; the maximum: always.
    std::chrono::milliseconds catch_up = std::chrono::milliseconds::max();
};

struct AppOptions {
    /// redis://, rediss://, unix://, redis+socket://, or memory:// for tests.
    std::string broker_url = "redis://127.0.0.1:6379/0";
    /// Empty: as broker_url.
    std::string result_url = {};
    /// Put in front of every broker key and channel, as kombu's global_keyprefix.
    std::string broker_prefix = {};
    /// Put in front of every result key, as the result backend's global_keyprefix.
    std::string result_prefix = {};
    /// Queue of tasks that neither their options nor `routes` name one for.
    std::string default_queue = "celery";
    /// Task name -> queue.
    std::map<std::string, std::string> routes = {};
    /// Queue -> what all tasks from it together are limited to.
    std::map<std::string, Limit> queue_limits = {};
    /// Life of a stored result; zero: for ever.
    std::chrono::seconds result_expires{86'400};
    /// Bytes a message may have, compressed and decompressed; a larger one is refused at publish and goes to the
    /// dead letters at receipt.
    std::size_t max_message_size = std::size_t{16} << 20;
    /// Bytes a stored result may have. A task whose result is larger fails, and is a dead letter.
    std::size_t max_result_size = std::size_t{16} << 20;
    /// Bound on each call to the store.
    std::chrono::milliseconds call_timeout{5'000};
    /// How long dead letters are kept; zero: for ever.
    std::chrono::hours dead_letter_life{24 * 30};
    /// kombu's visibility_timeout, by which what Python workers left is restored.
    std::chrono::seconds visibility_timeout{3'600};
    /// Source of time. Lifetime: must outlive the App.
    const Clock* clock = &system_clock();
};

struct WorkerOptions {
    /// Queues to consume; empty: every queue that the application routes to.
    std::vector<std::string> queues = {};
    /// Tasks at a time; 0: one for each processor.
    unsigned concurrency = 0;
    /// Node name without the host; "name@host" when it holds an @.
    std::string name = "celery";
    /// A worker that has not renewed its lease for this long is taken for dead. Renewed three times in it.
    std::chrono::milliseconds lease{10'000};
    /// How long a warm shutdown waits for running tasks before it requeues them; zero: without bound.
    std::chrono::milliseconds grace{0};
};

}  // namespace samovar
