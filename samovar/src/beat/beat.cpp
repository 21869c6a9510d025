#include <samovar/beat.hpp>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <samovar/app.hpp>
#include <samovar/log.hpp>
#include <samovar/notify.hpp>

#include "base/reason.hpp"
#include "base/roles.hpp"
#include "base/stop_signals.hpp"
#include "beat/scheduler.hpp"
#include "broker/leftovers.hpp"
#include "core/start_pages.hpp"
#include "redis/error.hpp"

namespace samovar::beat {
namespace {

constexpr std::chrono::milliseconds shortest_lease{10};
// A lease can be shorter than a look at what workers left is worth.
constexpr std::chrono::milliseconds shortest_look_for_the_dead{1'000};
constexpr int refused_for_good = 1;
constexpr int role_ended = 1;

std::chrono::milliseconds checked_lease(const BeatRunOptions& options) {
    if (options.lease < shortest_lease) throw std::invalid_argument("the lease of beat has to be 10 ms or more");
    return options.lease;
}

}  // namespace

/// Sends the messages of what is due, as long as it leads. Threads: run() blocks its caller; stop() may be called
/// from any thread. Lifetime: the application outlives it.
class Beat {
public:
    /// Errors: see run_beat().
    Beat(const task::AppImpl& app, const BeatRunOptions& options)
        : app_(app),
          clock_(app.clock()),
          store_(app, loop_.get_executor()),
          listener_(app.transport().make_session(loop_.get_executor(), {.client_name = "samovar-beat-changes"})),
          leadership_(store_, clock_, checked_lease(options)),
          scheduler_(app, store_, clock_, leadership_),
          broker_(app.make_broker(loop_.get_executor(), "samovar-beat-leftovers")),
          leftovers_(*broker_, app.clock(), std::max(options.lease, shortest_look_for_the_dead)) {}

    /// Runs until stop(). With `signals`, SIGTERM and SIGINT call stop(). Returns the exit code of run_beat().
    int run(bool signals) {
        wire();
        if (signals) signals_.listen([this] { stop(); });
        std::exception_ptr failure;
        asio::co_spawn(loop_, live(), [&](std::exception_ptr error) {
            failure = error;
            loop_.stop();
        });
        loop_.run();
        if (failure) std::rethrow_exception(failure);
        if (incomplete_) return role_ended;
        return refused_ ? refused_for_good : 0;
    }

    /// Leaves the place to another beat. The second call ends the process.
    void stop() {
        if (stops_.fetch_add(1) > 0) std::_Exit(interrupted_twice);
        stopping_.raise();
    }

private:
    void wire() {
        leadership_.on_answer = [this] {
            if (!std::exchange(ready_, true)) begin();
            scheduler_.look_again();
        };
        leadership_.on_loss = [this] { scheduler_.store_lost(); };
        leadership_.on_refused = [this](const std::string& why) {
            log::error(fmt::format("the store refuses this beat: {}", why));
            refused_ = true;
            roles_.end_expected();
            stopping_.raise();
        };
        listener_->connection.on_push([this](const redis::Reply& push) { changed(push); });
        // What was announced while there was no connection is known to nobody.
        listener_->connection.on_state([this](bool connected) {
            if (!connected) return;
            scheduler_.entries_changed();
            leadership_.look_again();
        });
    }

    void changed(const redis::Reply& push) {
        const auto& parts = push.array();
        if (parts.size() < 3 || parts[0].text() != "message") return;
        if (parts[2].text() == "leader")
            leadership_.look_again();
        else
            scheduler_.entries_changed();
    }

    // Nothing else is asked of a store that may refuse us.
    void begin() {
        leftovers_.start(roles_, loop_.get_executor());
        give_back_start_pages();
        log::info(fmt::format("beat ready: {} entries from code", app_.beat_entries().size()));
        notify_manager("READY=1");
    }

    asio::awaitable<void> live() {
        const auto executor = loop_.get_executor();
        roles_.spawn_once(executor, "what hears of changes", listen());
        roles_.spawn(executor, "the leadership", leadership_.run());
        roles_.spawn(executor, "the scheduler", scheduler_.run());
        co_await stopping_.wait(for_ever);
        roles_.end_expected();
        notify_manager("STOPPING=1");
        leftovers_.stop();
        leadership_.stop();
        scheduler_.stop();
        co_await roles_.join();
        co_await leadership_.resign();
        log::info("beat stopped");
    }

    // A beat without one of its roles would look alive and send nothing: its supervisor starts another.
    void end_without(const std::string& role) {
        log::write(log::Level::critical, fmt::format("this beat cannot go on without {}", role));
        incomplete_ = true;
        stopping_.raise();
    }

    // A connection that is made later subscribes by itself.
    asio::awaitable<void> listen() {
        try {
            co_await listener_->connection.subscribe({store_.keys().changed_channel});
        } catch (const redis::Error& error) {
            log::warning(fmt::format("beat cannot hear of changes yet: {}", error.what()));
        }
    }

    const task::AppImpl& app_;
    StoreClock clock_;
    asio::io_context loop_{1};
    Roles roles_{[this](const std::string& role) { end_without(role); }};
    StopSignals signals_{loop_.get_executor()};
    Store store_;
    std::unique_ptr<broker::RedisSession> listener_;
    Leadership leadership_;
    Scheduler scheduler_;
    std::unique_ptr<broker::Broker> broker_;
    broker::Leftovers leftovers_;
    Signal stopping_;
    bool ready_ = false;
    bool refused_ = false;
    bool incomplete_ = false;
    std::atomic<int> stops_{0};
};

}  // namespace samovar::beat

namespace samovar {

int run_beat(App& app, const BeatRunOptions& options) {
    beat::Beat beat{app.impl(), options};
    return beat.run(true);
}

class BackgroundBeat::Thread {
public:
    Thread(App& app, const BeatRunOptions& options) : beat_(app.impl(), options), thread_([this] { run(); }) {}
    ~Thread() {
        beat_.stop();
        thread_.join();
    }

private:
    void run() noexcept {
        try {
            beat_.run(false);
        } catch (const std::exception& error) {
            log::error(fmt::format("beat has ended: {}", reason_of(error)));
        }
    }

    beat::Beat beat_;
    std::thread thread_;
};

BackgroundBeat::BackgroundBeat(App& app, const BeatRunOptions& options)
    : thread_(std::make_unique<Thread>(app, options)) {}
BackgroundBeat::~BackgroundBeat() = default;

}  // namespace samovar
