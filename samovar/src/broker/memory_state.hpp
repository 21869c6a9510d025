// What the in-memory broker keeps, and each change of it. No I/O, no locks, no threads: the same semantics as the
// scripts of the Redis broker, one function for each.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <samovar/backlog.hpp>
#include <samovar/clock.hpp>

#include "broker/values.hpp"

namespace samovar::broker {

struct RouteOrder {
    bool operator()(const Route& a, const Route& b) const {
        return a.queue != b.queue ? a.queue < b.queue : a.step < b.step;
    }
};

/// The order in which a worker took its messages: batch, number in it.
using Place = std::pair<std::uint64_t, std::uint64_t>;

struct Held {
    enum class Mark { reserved, acknowledged, suspect, started };
    Mark mark = Mark::reserved;
    Route route;
    std::string envelope;
};

struct MemoryWorker {
    std::string node;
    WallTime renewed{};
    std::chrono::milliseconds lease{0};
    WallTime lease_end{};
    std::map<Place, Held> held;
    /// Of the last reserve() that this worker made.
    std::optional<std::uint64_t> batch;
    std::uint64_t batch_messages = 0;
    /// Up to here they may have started: place_of().
    std::uint64_t may_start = 0;
    /// A reaper has taken a part of `held` back.
    bool reaping = false;
};

struct Delayed {
    /// Its name: the task's id and its number, set by the store.
    std::string member() const;

    Route route;
    std::string envelope;
    std::string id;
    /// To the consuming end of its queue: it had its turn there before.
    bool front = false;
    /// Which it is among all that were ever delayed; set by the store.
    std::uint64_t number = 0;
};

/// What is known of one Limit.
struct MemoryLimit {
    unsigned at_once = 1;
    /// The last fencing number given.
    std::uint64_t fence = 0;
    /// Reservations that hold a place, with their fencing numbers.
    std::map<std::string, std::uint64_t> holders;
    /// Delayed::number of what waits for a place, in the order in which it came.
    std::deque<std::uint64_t> waiting;
    /// The earliest next start.
    WallTime next{};
    /// By the task's id: when it may start.
    std::map<std::string, WallTime> booked;
};

/// What was known of a message's deaths before its worker was reaped, and since.
struct MemoryBlame {
    std::optional<int> before;
    int deaths = 0;
};

/// Of a worker that was reaped, for a day, should it come back.
struct MemoryReapedWorker {
    WallTime forgotten_at{};
    /// What it had acknowledged.
    std::map<Place, Held> aside;
    /// By the envelope.
    std::map<std::string, MemoryBlame> blamed;
};

struct MemoryDeadLetter {
    DeadLetter label;
    std::string envelope;
};

struct StoredResult {
    std::string document;
    std::optional<WallTime> expires;
};

/// What changed since it was last asked, for those who wait.
struct MemoryEvents {
    std::set<Route, RouteOrder> pushed;
    bool earlier_head = false;
    bool handover = false;
    std::vector<std::string> results;
};

struct MemoryOptions {
    /// Zero: results never expire.
    std::chrono::seconds result_expires{86'400};
    /// Deaths of a worker that are blamed on a message before it is given up.
    int max_deaths = 3;
};

/// Each function is one script of the Redis broker; see broker.hpp. Threads: one at a time.
/// Lifetime: the clock outlives it.
class MemoryState {
public:
    explicit MemoryState(const Clock& clock) : clock_(clock) {}

    Published publish(Outgoing message);
    Reservation reserve(const Identity& who, const ReserveOptions& options, const MemoryOptions& own);
    Stepped complete(const Identity& who, Step step, const MemoryOptions& options);
    std::vector<Started> start(const std::vector<Start>& starts);
    std::size_t let_waiting_in();
    Lease renew(const Renewal& renewal);
    Promotion promote(const Identity& who, std::size_t max_messages, bool all);
    DelayedPage delayed_page(std::size_t rank, std::size_t count) const;
    std::vector<DelayedMessage> find_delayed(const std::string& task_id) const;
    bool cancel_delayed(Cancellation cancelled, const MemoryOptions& options);
    bool run_delayed(const std::string& member, std::string envelope);
    Backlog backlog(const std::vector<std::string>& queues) const;
    Reaped reap(const Sight& sight, std::size_t max_messages, const MemoryOptions& options);
    Registered registered() const;
    Rescued rescue(WallTime last_renewal, std::size_t max_messages);
    std::size_t set_aside() const;
    Retired retire(const Identity& who, std::size_t max_messages);
    void store_results(std::vector<ResultWrite> results, const MemoryOptions& options);

    std::vector<DeadLetter> dead_letters(std::size_t offset, std::size_t count) const;
    std::optional<std::string> dead_envelope(const std::string& member) const;
    bool retry_dead(const std::string& member, const Route& to);
    std::size_t drop_dead(const std::vector<std::string>& members);
    std::size_t expire_dead(WallTime before);

    std::optional<std::string> result(const std::string& task_id) const;
    bool forget_result(const std::string& task_id);

    MemoryEvents take_events() { return std::exchange(events_, {}); }

    /// For tests that look inside. The consuming end of a queue is its front.
    const std::map<Route, std::deque<std::string>, RouteOrder>& queues() const { return queues_; }
    const std::map<std::string, MemoryWorker>& workers() const { return workers_; }
    const std::multimap<WallTime, Delayed>& delayed() const { return delayed_; }
    const std::map<std::string, MemoryDeadLetter>& dead() const { return dead_; }
    const std::map<std::string, int>& suspects() const { return suspects_; }

private:
    struct Part;

    void push_back(const Route& route, std::string envelope);
    void push_front(const Route& route, std::string envelope);
    void delay(WallTime due, Delayed message);
    void bury(std::string member, DeadLetter label, std::string envelope);
    void store(ResultWrite result, const MemoryOptions& options);
    /// FAILURE of a message that ends as that dead letter, if anybody can ask for it.
    void store_failure(const DeadLetter& letter, const std::string& envelope, const std::string& failure_template,
                       const MemoryOptions& options);
    void forget_expired();
    bool promoter_lives() const;
    /// The first by name of those that live; nullptr: there is none.
    const std::string* find_other(const std::string& incarnation) const;
    std::multimap<WallTime, Delayed>::iterator find_member(const std::string& member);
    void unclaim(const std::string& key, const std::string& task_id);
    Held* find(const std::string& reservation);
    /// What its worker had acknowledged before it was taken for dead.
    Held* find_aside(const std::string& reservation);
    Started return_from_aside(const Start& start);
    void release(const std::string& reservation);
    void mark(const Start& start);
    Started admit(const Start& start);
    bool has_room(const Limit& limit, const std::string& reservation);
    WallTime book(const Limit& limit, const std::string& task);
    Started enter(const Start& start);
    Started::Answer put_off(const Start& start, WallTime due);
    void drop_gone(MemoryLimit& limit);
    bool let_in(MemoryLimit& limit);
    void leave(const std::string& limit, const std::string& reservation);
    void move(const Held& held, Move move, const std::string& reservation, std::size_t number);
    void take_one(Reservation& into, const Identity& who, const ReserveOptions& options, const Route& route,
                  const MemoryOptions& own);
    void answer(Reservation& into, const Identity& who, Place place, const Held& held) const;
    Reservation answer_again(const Identity& who, const MemoryWorker& worker) const;
    void set_aside(Part& part, const std::string& incarnation);
    std::map<std::string, MemoryWorker>::iterator find_dead(const Sight& sight);
    Part newest(std::map<Place, Held>& held, std::size_t max_messages,
                const std::function<bool(const Place&)>& wanted);
    void put_back_unknown(const Renewal& renewal, Lease& told);
    void take_back_blame(const std::string& incarnation);
    void judge(Part& part, bool alone, std::uint64_t may_start, const std::string& incarnation,
               const MemoryOptions& options, Reaped& reaped);
    void put_back(const Part& part);

    const Clock& clock_;
    std::map<Route, std::deque<std::string>, RouteOrder> queues_;
    std::map<std::string, MemoryWorker> workers_;
    std::map<std::string, MemoryReapedWorker> reaped_;
    std::multimap<WallTime, Delayed> delayed_;
    std::uint64_t delayed_count_ = 0;
    std::map<std::string, MemoryLimit> limits_;
    std::map<std::string, MemoryDeadLetter> dead_;
    /// By envelope: deaths blamed on it.
    std::map<std::string, int> suspects_;
    std::string promoter_;
    WallTime promoter_end_{};
    std::map<std::string, WallTime> sent_;
    /// By key: the task that has the claim, and until when.
    std::map<std::string, std::pair<std::string, WallTime>> claims_;
    std::map<std::string, StoredResult> results_;
    /// Ids of results and of sent marks by the time when they may be forgotten.
    std::multimap<WallTime, std::string> result_ends_;
    std::multimap<WallTime, std::string> sent_ends_;
    MemoryEvents events_;
};

}  // namespace samovar::broker
