#include "worker/housekeeper.hpp"

#include <future>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <samovar/log.hpp>

#include "base/ids.hpp"
#include "base/signal.hpp"
#include "control/mailbox.hpp"
#include "redis/error.hpp"
#include "worker/documents.hpp"
#include "worker/refusal_pause.hpp"

namespace samovar::worker {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::minutes between_touches{60};
constexpr std::chrono::seconds between_sweeps{100};
constexpr std::chrono::milliseconds after_a_failure{100};
constexpr std::size_t most_listed = 1'000;
constexpr std::size_t most_listed_bytes = std::size_t{4} << 20;

// Whoever waits for a task that was given up learns of it.
std::vector<broker::ResultWrite> worker_lost_results(const std::vector<broker::GivenUp>& given_up, WallTime now) {
    std::vector<broker::ResultWrite> results;
    for (const auto& message : given_up) {
        try {
            const auto task = message::decode(message.envelope);
            const task::Fault fault{.type = "WorkerLostError",
                                    .module = "billiard.exceptions",
                                    .arguments = {"Worker died too often while it ran this task."},
                                    .traceback = {}};
            if (!task.ignore_result) results.push_back(failure_document(task.id, fault, now));
        } catch (const message::DecodeError&) {
            // Dropped: without an id there is nobody to tell; the dead letter has it all.
        }
    }
    return results;
}

}  // namespace

class Housekeeper::Duties {
public:
    Duties(const task::AppImpl& app, HousekeeperOptions options, Registration& registration, StoreClock& clock)
        : options_(std::move(options)),
          registration_(registration),
          clock_(clock),
          broker_(app.make_broker(loop_.get_executor(), "samovar-lease")),
          gate_(options_.lease) {
        registration_.replace(fresh_epoch());
    }

    ~Duties() {
        loop_.stop();
        if (thread_.joinable()) thread_.join();
    }

    void answer_for(control::Node& node, std::function<void()> listening) {
        mailbox_ = std::make_unique<control::Mailbox>(loop_.get_executor(), node);
        listening_ = std::move(listening);
    }

    void start() {
        asio::co_spawn(loop_, renew_for_ever(), asio::detached);
        thread_ = std::thread{[this] { loop_.run(); }};
    }

    void leave(std::chrono::milliseconds at_most) {
        stopping_ = true;
        stopped_.raise();
        if (mailbox_) asio::post(loop_, [this] { mailbox_->stop(); });
        auto done = asio::co_spawn(loop_, retire(), asio::use_future);
        std::string why = "the store cannot be reached";
        if (done.wait_for(at_most) == std::future_status::ready) {
            try {
                return done.get();
            } catch (const redis::Error& error) {
                why = error.what();
            }
        }
        log::warning(fmt::format(
            "this worker stays on the register until its lease ends, and what it holds comes back then: {}", why));
    }

    std::function<void()> registered = [] {};
    std::function<void(const std::string&)> refused = [](const std::string&) {};
    std::function<void(const broker::Lease&)> renewed = [](const broker::Lease&) {};

    // Looked up in the store: what this worker last heard of its promotership may be out of date.
    asio::awaitable<control::DelayedTasks> delayed() {
        control::DelayedTasks tasks;
        const auto promotion = co_await broker_->promote(identity(), broker::most_per_call, false);
        if (promotion.lost) co_return tasks;
        std::size_t bytes = 0;
        std::optional<std::size_t> rank = 0;
        while (rank && tasks.messages.size() < most_listed && bytes < most_listed_bytes) {
            auto page = co_await broker_->delayed(*rank, most_listed - tasks.messages.size());
            for (auto& message : page.messages) {
                bytes += message.envelope.size();
                tasks.messages.push_back(std::move(message));
            }
            rank = page.next;
        }
        if (rank) {
            const auto waiting = (co_await broker_->backlog({})).delayed;
            tasks.more = waiting - std::min(waiting, tasks.messages.size());
        }
        co_return tasks;
    }

private:
    std::shared_ptr<Epoch> fresh_epoch() const {
        auto epoch = std::make_shared<Epoch>();
        epoch->identity = {new_incarnation(), options_.node, static_cast<std::uint32_t>(::getpid())};
        return epoch;
    }

    asio::awaitable<void> renew_for_ever() {
        RefusalPause refusals{options_.lease / 3};
        while (!stopping_) {
            auto pause = options_.lease / 3;
            try {
                co_await renew();
                refusals.reset();
            } catch (const redis::Error& error) {
                gate_.failed();
                // What never was in order is for somebody to mend; what was is the store's trouble, and passes.
                if (!registered_ && redis::is_refusal(error)) co_return refused(error.what());
                log::warning(fmt::format("the lease is not renewed: {}", error.what()));
                pause = refusals.after(error);
            }
            co_await stopped_.wait(pause);
        }
    }

    // Nothing else is asked of a store that may refuse us.
    void begin() {
        registered_ = true;
        if (mailbox_) asio::co_spawn(loop_, mailbox_->run(std::move(listening_)), asio::detached);
        asio::co_spawn(loop_, promote_for_ever(), asio::detached);
        registered();
    }

    asio::awaitable<void> renew() {
        const auto sent = clock_.local().now();
        const auto sent_steady = clock_.steady();
        const auto lease = co_await broker_->renew(identity(), options_.lease, first_);
        if (lease.lost) {
            log::error("this worker was taken for dead; it goes on under a new registration");
            registration_.replace(fresh_epoch());
            first_ = true;
            gate_.failed();
            co_await renew();
            co_return;
        }
        clock_.synchronise(sent, clock_.local().now(), lease.store_time);
        gate_.renewed(sent_steady, clock_.steady(), lease.store_time, lease.run_id);
        if (!registered_) begin();
        first_ = false;
        if (lease.promotes && !promotes_) broker_->interrupt_wait();
        renewed(lease);
        co_await keep_house(lease.promotes);
    }

    // Rare duties ride on the renewals. Whoever promotes does those that one worker is enough for.
    asio::awaitable<void> keep_house(bool promotes) {
        if (gate_.open(clock_.steady())) co_await reap();
        if (due(touched_, between_touches)) co_await broker_->touch(identity());
        if (!promotes) co_return;
        co_await broker_->let_waiting_in();
        if (!due(swept_, between_sweeps)) co_return;
        if (const auto restored = co_await broker_->restore_foreign(options_.visibility_timeout))
            log::info(fmt::format("{} messages that Python workers left are back in their queues", restored));
        if (options_.dead_letter_life.count() > 0)
            co_await broker_->expire_dead(clock_.now() - options_.dead_letter_life);
    }

    bool due(SteadyTime& last, SteadyTime::duration period) {
        if (clock_.steady() - last < period) return false;
        last = clock_.steady();
        return true;
    }

    asio::awaitable<void> reap() {
        for (bool more = true; more;) {
            const auto reaped = co_await broker_->reap(identity(), broker::most_per_call);
            more = !reaped.lost && !reaped.incarnation.empty();
            if (!more) co_return;
            log::warning(fmt::format("worker {} is dead: {} tasks put back, {} were acknowledged, {} given up",
                                     reaped.incarnation, reaped.put_back, reaped.dropped, reaped.given_up.size()));
            auto results = worker_lost_results(reaped.given_up, clock_.now());
            if (!results.empty()) co_await broker_->store_results(std::move(results));
        }
    }

    asio::awaitable<void> promote_for_ever() {
        bool listens = false;
        RefusalPause refusals{after_a_failure};
        while (!stopping_) {
            std::optional<std::chrono::milliseconds> failed;
            try {
                if (!std::exchange(listens, true))
                    co_await broker_->listen_for_handover([this] { broker_->interrupt_wait(); });
                const auto pause = co_await promote();
                refusals.reset();
                if (!stopping_) co_await broker_->wait_for_delayed(pause);
            } catch (const redis::Error& error) {
                log::warning(fmt::format("delayed tasks wait: {}", error.what()));
                listens = false;
                failed = refusals.after(error);
            }
            if (failed) co_await stopped_.wait(*failed);
        }
    }

    // Returns how long nothing is due, or overdue where another worker promotes.
    asio::awaitable<std::chrono::milliseconds> promote() {
        const auto promotion = co_await broker_->promote(identity(), broker::most_per_call, false);
        promotes_ = !promotion.lost;
        const auto longest = promotes_ ? options_.lease / 3 : options_.lease;
        if (!promotion.next_due) co_return longest;
        const auto patience = promotes_ ? std::chrono::milliseconds{0} : broker::overdue;
        const auto wait =
            std::chrono::ceil<std::chrono::milliseconds>(*promotion.next_due - promotion.store_time) + patience;
        co_return std::clamp(wait, std::chrono::milliseconds{0}, longest);
    }

    asio::awaitable<void> retire() {
        const auto lease = co_await broker_->renew(identity(), options_.lease, false);
        for (bool more = lease.workers == 1 && lease.promotes; more;) {
            const auto promotion = co_await broker_->promote(identity(), broker::most_per_call, true);
            more = promotion.moved > 0;
        }
        for (bool more = !lease.lost; more;) {
            const auto given_back = co_await broker_->retire(identity(), broker::most_per_call);
            more = given_back.more;
        }
    }

    broker::Identity identity() const { return registration_.current()->identity; }

    const HousekeeperOptions options_;
    Registration& registration_;
    StoreClock& clock_;
    asio::io_context loop_{1};
    std::unique_ptr<broker::Broker> broker_;
    std::unique_ptr<control::Mailbox> mailbox_;
    std::function<void()> listening_;
    Signal stopped_;
    ReaperGate gate_;
    SteadyTime touched_{};
    SteadyTime swept_{};
    bool first_ = true;
    bool registered_ = false;
    bool promotes_ = false;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

Housekeeper::Housekeeper(const task::AppImpl& app, HousekeeperOptions options, Registration& registration,
                         StoreClock& clock)
    : duties_(std::make_unique<Duties>(app, std::move(options), registration, clock)) {}
Housekeeper::~Housekeeper() = default;

void Housekeeper::on_registered(std::function<void()> handler) { duties_->registered = std::move(handler); }
void Housekeeper::on_refused(std::function<void(const std::string&)> handler) {
    duties_->refused = std::move(handler);
}
void Housekeeper::on_renewed(std::function<void(const broker::Lease&)> handler) {
    duties_->renewed = std::move(handler);
}
asio::awaitable<control::DelayedTasks> Housekeeper::delayed() { return duties_->delayed(); }
void Housekeeper::answer_for(control::Node& node, std::function<void()> listening) {
    duties_->answer_for(node, std::move(listening));
}
void Housekeeper::start() { duties_->start(); }
void Housekeeper::leave(std::chrono::milliseconds at_most) { duties_->leave(at_most); }

}  // namespace samovar::worker
