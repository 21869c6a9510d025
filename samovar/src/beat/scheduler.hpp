// The leader's work: reads the entries, sends what is due, sleeps until the next slot or a change.
#pragma once

#include <map>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "base/signal.hpp"
#include "beat/agenda.hpp"
#include "beat/decision.hpp"
#include "beat/leadership.hpp"
#include "core/store_clock.hpp"
#include "redis/trouble.hpp"
#include "task/app_impl.hpp"
#include "task/outgoing.hpp"

namespace samovar::beat {

/// Threads: the executor's. Lifetime: everything it is given outlives it.
class Scheduler {
public:
    Scheduler(const task::AppImpl& app, Store& store, StoreClock& clock, Leadership& leadership);

    /// Until stop().
    asio::awaitable<void> run();
    void stop();
    /// Entries were changed, or may have been.
    void entries_changed();
    /// The store does not know any more what it was told.
    void store_lost();
    /// The store has answered: who leads may have changed, or Redis's clock was read anew.
    void look_again();

private:
    /// Returns how long nothing is due.
    asio::awaitable<std::chrono::milliseconds> turn();
    asio::awaitable<void> reload();
    asio::awaitable<bool> adopt();
    void report_broken();
    Decision decide_about(const Planned& planned) const;
    asio::awaitable<void> serve(std::string name);
    asio::awaitable<void> send(Firing firing);
    void settle(Fired fired, const Firing& firing);
    Firing firing_of(const Planned& planned, const Decision& decision) const;
    broker::Outgoing message_of(const task::BeatEntry& entry, WallTime slot) const;

    const task::AppImpl& app_;
    Store& store_;
    StoreClock& clock_;
    Leadership& leadership_;
    const task::Sender sender_;
    Signal wake_;
    Agenda agenda_;
    /// Under which token the entries from code were made the stored ones.
    std::string adopted_under_;
    /// Name -> definition, so that each is reported once.
    std::map<std::string, std::string> reported_;
    /// What this beat has sent: a store that went back in time does not have it sent again.
    struct Sent {
        std::string definition;
        WallTime next{};
    };
    std::map<std::string, Sent> sent_;
    redis::Trouble trouble_;
    bool stale_ = true;
    bool stopping_ = false;
};

}  // namespace samovar::beat
