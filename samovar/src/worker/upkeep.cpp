#include "worker/upkeep.hpp"

#include <future>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <samovar/log.hpp>

#include "broker/reaper.hpp"
#include "control/mailbox.hpp"
#include "redis/error.hpp"
#include "worker/promoter.hpp"

namespace samovar::worker {

namespace asio = boost::asio;

class Upkeep::Impl {
public:
    Impl(const task::AppImpl& app, UpkeepOptions options, Registration& registration, StoreClock& clock,
         Roles& roles)
        : lease_(options.cleaning.lease),
          registration_(registration),
          roles_(roles),
          broker_(app.make_broker(loop_.get_executor(), "samovar-lease")),
          lease_keeper_(*broker_, registration, clock, std::move(options.node), lease_),
          promoter_(*broker_, registration, clock, lease_),
          reaper_(*broker_, app.clock(), lease_),
          janitor_(*broker_, clock, options.cleaning) {}

    ~Impl() {
        loop_.stop();
        if (thread_.joinable()) thread_.join();
    }

    void answer_for(control::Node& node, std::function<void()> listening) {
        mailbox_ = std::make_unique<control::Mailbox>(loop_.get_executor(), node);
        listening_ = std::move(listening);
    }

    void start(LeaseKeeper::Handlers handlers) {
        lease_keeper_.handlers = std::move(handlers);
        lease_keeper_.handlers.registered = [this, told = std::move(lease_keeper_.handlers.registered)] {
            begin();
            told();
        };
        lease_keeper_.handlers.renewed =
            [this, told = std::move(lease_keeper_.handlers.renewed)](const broker::Lease& lease) {
                promoter_.promotes(lease.promotes);
                janitor_.promotes(lease.promotes);
                told(lease);
            };
        roles_.spawn(loop_.get_executor(), "the lease keeper", lease_keeper_.run());
        thread_ = std::thread{[this] { loop_.run(); }};
    }

    void leave(std::chrono::milliseconds at_most) {
        roles_.end_expected();
        lease_keeper_.stop();
        promoter_.stop();
        reaper_.stop();
        janitor_.stop();
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

    Promoter& promoter() { return promoter_; }

private:
    // Nothing else is asked of a store that may refuse us.
    void begin() {
        const auto executor = loop_.get_executor();
        if (mailbox_) roles_.spawn(executor, "remote control", mailbox_->run(std::move(listening_)));
        roles_.spawn(executor, "the promoter", promoter_.run());
        roles_.spawn(executor, "the reaper", reaper_.run());
        roles_.spawn(executor, "the janitor", janitor_.run());
    }

    asio::awaitable<void> retire() {
        const auto who = registration_.current()->identity;
        const auto lease = co_await broker_->renew({.who = who, .lease = lease_});
        for (bool more = lease.workers == 1 && lease.promotes; more;) {
            const auto promotion = co_await broker_->promote(who, broker::most_per_call, true);
            more = promotion.moved > 0;
        }
        std::size_t dropped = 0;
        for (bool more = !lease.lost && lease.refusal.empty(); more;) {
            const auto given_back = co_await broker_->retire(who, broker::most_per_call);
            dropped += given_back.dropped;
            more = given_back.more;
        }
        if (dropped > 0)
            log::warning(fmt::format(
                "{} tasks that were acknowledged before they ran end here, and do not run again", dropped));
    }

    const std::chrono::milliseconds lease_;
    Registration& registration_;
    Roles& roles_;
    asio::io_context loop_{1};
    std::unique_ptr<broker::Broker> broker_;
    LeaseKeeper lease_keeper_;
    Promoter promoter_;
    broker::Reaper reaper_;
    Janitor janitor_;
    std::unique_ptr<control::Mailbox> mailbox_;
    std::function<void()> listening_;
    std::thread thread_;
};

Upkeep::Upkeep(const task::AppImpl& app, UpkeepOptions options, Registration& registration, StoreClock& clock,
               Roles& roles)
    : impl_(std::make_unique<Impl>(app, std::move(options), registration, clock, roles)) {}
Upkeep::~Upkeep() = default;

asio::awaitable<control::DelayedTasks> Upkeep::delayed() { return impl_->promoter().delayed(); }
void Upkeep::answer_for(control::Node& node, std::function<void()> listening) {
    impl_->answer_for(node, std::move(listening));
}
void Upkeep::start(LeaseKeeper::Handlers handlers) { impl_->start(std::move(handlers)); }
void Upkeep::leave(std::chrono::milliseconds at_most) { impl_->leave(at_most); }

}  // namespace samovar::worker
