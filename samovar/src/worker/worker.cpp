#include "worker/worker.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <samovar/app.hpp>
#include <samovar/log.hpp>
#include <samovar/notify.hpp>
#include <samovar/worker.hpp>

#include "base/process.hpp"
#include "base/roles.hpp"
#include "base/stop_signals.hpp"
#include "core/start_pages.hpp"
#include "redis/error.hpp"
#include "worker/completer.hpp"
#include "worker/control_node.hpp"
#include "worker/fetcher.hpp"
#include "worker/job_queue.hpp"
#include "worker/runner.hpp"
#include "worker/starter.hpp"
#include "worker/upkeep.hpp"
#include "worker/watchdog.hpp"

namespace samovar::worker {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds leave_within{5};
constexpr int role_ended = 1;
constexpr std::chrono::milliseconds shortest_lease{10};
constexpr unsigned most_at_once = 10'000;
/// Connections, event loops, log; each task may open something more.
constexpr std::size_t own_descriptors = 64;

WorkerOptions checked(WorkerOptions options) {
    const auto refuse = [](std::string_view text) { throw std::invalid_argument{std::string{text}}; };
    if (options.lease < shortest_lease)
        refuse(fmt::format("the lease of a worker is {} ms, and has to be 10 ms or more", options.lease.count()));
    if (options.grace.count() < 0)
        refuse(fmt::format("the grace of a worker is {} ms, and has to be 0 or more", options.grace.count()));
    if (options.concurrency > most_at_once)
        refuse(fmt::format("the concurrency of a worker is {}, and has to be {} or less", options.concurrency,
                           most_at_once));
    if (options.name.empty()) refuse("a worker needs a name");
    if (std::ranges::find(options.queues, "") != options.queues.end()) refuse("a queue needs a name");
    return options;
}

std::string node_name(const std::string& name) {
    if (name.find('@') != std::string::npos) return name;
    char host[256] = {};
    ::gethostname(host, sizeof host - 1);
    return fmt::format("{}@{}", name, host);
}

unsigned concurrency_of(const WorkerOptions& options) {
    return options.concurrency > 0 ? options.concurrency : std::max(1U, std::thread::hardware_concurrency());
}

// Every list of each priority step, step by step: kombu's order of service.
std::vector<broker::Route> routes_of(const std::vector<std::string>& queues) {
    std::vector<broker::Route> routes;
    for (const int step : {0, 3, 6, 9})
        for (const auto& queue : queues) routes.push_back({queue, step});
    return routes;
}

void announce(const task::AppImpl& app, const std::string& node, const std::vector<std::string>& queues,
              unsigned concurrency) {
    std::vector<std::string_view> names;
    for (const auto& [name, definition] : app.registry().all()) names.push_back(name);
    log::info(fmt::format("{} ready: concurrency {}, queues {}, tasks {}", node, concurrency,
                          fmt::join(queues, " "), fmt::join(names, " ")));
}

}  // namespace

class Worker::Impl {
public:
    Impl(task::AppImpl& app, WorkerOptions options)
        : app_(app),
          options_(checked(std::move(options))),
          node_(node_name(options_.name)),
          queues_(options_.queues.empty() ? app.queues() : options_.queues),
          concurrency_(concurrency_of(options_)),
          clock_(app.clock()),
          broker_(app.make_broker(loop_.get_executor(), "samovar-worker")),
          queue_(concurrency_, options_.lease, app.clock()),
          starter_(*broker_, queue_, app.clock()),
          completer_(*broker_, queue_, starter_, clock_, app.options().max_result_size),
          running_(std::size_t{2} * concurrency_),
          runner_(loop_.get_executor(), roles_, queue_, completer_, running_, clock_),
          control_(node_facts(), queue_, running_, clock_, upkeep_, [this] { stop_once(); }),
          upkeep_(app,
                  {.node = node_,
                   .cleaning = {.lease = options_.lease,
                                .dead_letter_life = app.options().dead_letter_life,
                                .visibility_timeout = app.options().visibility_timeout}},
                  registration_, clock_, roles_),
          fetcher_(fetcher_options(), *broker_, queue_, runner_, completer_, app.registry(), registration_,
                   clock_),
          watchdog_(app.clock()) {}

    int run(bool signals) {
        wire();
        if (signals) settle_with_the_system();
        upkeep_.start(handlers());
        roles_.spawn_once(loop_.get_executor(), "the worker", live());
        loop_.run();
        runner_.join();
        return refused_;
    }

    void stop() {
        if (signals_heard_.fetch_add(1) > 0) leave_at_once(interrupted_twice);
        stop_once();
    }

private:
    void settle_with_the_system() {
        signals_.listen([this] { stop(); });
        give_large_blocks_back();
        raise_descriptor_limit("a worker of these tasks", own_descriptors + concurrency_);
    }

    FetcherOptions fetcher_options() const {
        const auto size = app_.options().max_message_size;
        return {.routes = routes_of(queues_),
                .bounds = {.size = size, .body_size = size},
                .rearm = options_.lease / 3};
    }

    control::NodeFacts node_facts() const {
        return {.name = node_,
                .pid = static_cast<std::uint32_t>(::getpid()),
                .concurrency = concurrency_,
                .queues = queues_,
                .options = options_,
                .started = clock_.steady(),
                .app = &app_};
    }

    // Remote control may be heard twice, or before a signal: that does not make it urgent.
    void stop_once() {
        if (begun_to_stop_.exchange(true)) return;
        log::info("warm shutdown: what runs is finished, nothing new is started");
        stopping_.raise();
    }

    void wire() {
        upkeep_.answer_for(control_, [this] { listening_.raise(); });
        starter_.handlers = {
            .let_start = [this] { runner_.pump(); },
            .refused = [this](Job job,
                              broker::Started::Answer answer) { runner_.refuse(std::move(job), answer); }};
        completer_.on_released([this](const std::vector<Slot>& slots) {
            queue_.release(slots);
            fetcher_.finished(slots.size());
            finished_.raise();
        });
    }

    LeaseKeeper::Handlers handlers() {
        return {
            .registered = [this] { registered_.raise(); },
            .refused =
                [this](const std::string& why, int code) {
                    log::error(fmt::format("the store refuses this worker: {}", why));
                    refused_ = code;
                    registered_.raise();
                },
            .renewed =
                [this](const broker::Lease&) {
                    if (!watchdog_.stuck(fetcher_.hungry(), fetcher_.answered())) return;
                    log::error("no task was fetched though there is room for them: the connection is made anew");
                    broker_->reconnect();
                }};
    }

    asio::awaitable<void> live() {
        co_await wait_for_registration();
        if (refused_ != 0) co_return loop_.stop();
        announce_ready();
        const auto executor = loop_.get_executor();
        for (int i = 0; i < Completer::calls_in_flight; ++i)
            roles_.spawn(executor, "the completer", completer_.run());
        roles_.spawn(executor, "the starter", starter_.run());
        roles_.spawn(executor, "the fetcher", fetcher_.run());
        roles_.spawn(executor, "what gives back unstarted tasks", fetcher_.give_back());
        if (const auto interval = manager_watchdog_interval())
            roles_.spawn(executor, "the pulse for the service manager", pulse(*interval));
        co_await stopping_.wait(for_ever);
        co_await warm_shutdown();
    }

    asio::awaitable<void> wait_for_registration() {
        while (!co_await registered_.wait(std::chrono::seconds{1}))
            if (begun_to_stop_) leave_at_once(0);
        // A store that refuses to let us listen says so at once.
        if (refused_ == 0) co_await listening_.wait(std::chrono::seconds{1});
    }

    void announce_ready() {
        give_back_start_pages();
        announce(app_, node_, queues_, concurrency_);
        notify_manager("READY=1");
        roles_.spawn_once(loop_.get_executor(), "the look at the store's set-up", warn_about_store());
    }

    asio::awaitable<void> warn_about_store() {
        try {
            for (const auto& problem : co_await broker_->store_problems()) log::warning(problem);
        } catch (const redis::Error& error) {
            log::warning(fmt::format("the store's set-up was not checked: {}", error.what()));
        }
    }

    asio::awaitable<void> warm_shutdown() {
        notify_manager("STOPPING=1");
        roles_.end_expected();
        fetcher_.stop();
        completer_.give_back(queue_.withdraw(true));
        const auto begun = clock_.steady();
        while (queue_.running() > 0) {
            finished_.reset();
            if (queue_.running() == 0) break;
            const auto left = options_.grace.count() > 0 ? options_.grace - since(begun) : for_ever;
            if (left.count() <= 0 || !co_await finished_.wait(left)) leave_at_once(0);
        }
        runner_.stop();
        starter_.stop();
        completer_.close();
        co_await completer_.drained();
        upkeep_.leave(leave_within);
        log::info("stopped");
        loop_.stop();
    }

    std::chrono::milliseconds since(SteadyTime begun) const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady() - begun);
    }

    // From this loop, so that a manager that supervises the process learns of a loop that stands still.
    asio::awaitable<void> pulse(std::chrono::milliseconds interval) {
        while (!co_await stopping_.wait(interval / 2)) notify_manager("WATCHDOG=1");
    }

    // A worker without one of its roles would look alive and do half of its work: its supervisor starts another.
    void end_without(const std::string& role) {
        asio::post(loop_, [this, role] {
            log::write(log::Level::critical, fmt::format("this worker cannot go on without {}", role));
            leave_at_once(role_ended);
        });
    }

    // Handlers that run cannot be stopped: what they hold goes back and the process ends under them.
    [[noreturn]] void leave_at_once(int code) {
        log::warning("cold shutdown: what runs is put back into its queues");
        registration_.current()->stop.request_stop();
        registration_.current()->stop_acknowledged.request_stop();
        completer_.abandon();
        upkeep_.leave(leave_within);
        log::info("stopped");
        std::_Exit(code);
    }

    task::AppImpl& app_;
    const WorkerOptions options_;
    const std::string node_;
    const std::vector<std::string> queues_;
    const unsigned concurrency_;
    StoreClock clock_;
    asio::io_context loop_{1};
    Roles roles_{[this](const std::string& role) { end_without(role); }};
    StopSignals signals_{loop_.get_executor()};
    Registration registration_;
    std::unique_ptr<broker::Broker> broker_;
    JobQueue queue_;
    Starter starter_;
    Completer completer_;
    RunningJobs running_;
    Runner runner_;
    ControlNode control_;
    Upkeep upkeep_;
    Fetcher fetcher_;
    Watchdog watchdog_;
    Signal registered_;
    Signal listening_;
    Signal stopping_;
    Signal finished_;
    std::atomic<int> signals_heard_{0};
    std::atomic<bool> begun_to_stop_{false};
    /// The exit code, once the store has refused this worker.
    std::atomic<int> refused_{0};
};

Worker::Worker(task::AppImpl& app, WorkerOptions options)
    : impl_(std::make_unique<Impl>(app, std::move(options))) {}
Worker::~Worker() = default;

int Worker::run(bool signals) { return impl_->run(signals); }
void Worker::stop() { impl_->stop(); }

}  // namespace samovar::worker

namespace samovar {

int run_worker(App& app, const WorkerOptions& options) {
    worker::Worker worker{app.impl(), options};
    return worker.run(true);
}

}  // namespace samovar
