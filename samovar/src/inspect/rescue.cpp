#include "inspect/rescue.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <samovar/app.hpp>

#include "base/io_thread.hpp"
#include "base/signal.hpp"
#include "broker/broker.hpp"
#include "broker/reaper_gate.hpp"
#include "redis/error.hpp"
#include "task/app_impl.hpp"
#include "task/store_errors.hpp"

namespace samovar::inspect {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr int looks_in_a_lease = 10;
constexpr milliseconds longest_between_looks{500};
constexpr std::chrono::hours no_matter_how_long{1'000};

class Rescuer {
public:
    using Say = std::function<void(const std::string&)>;

    Rescuer(broker::Broker& broker, const Clock& clock, const Say& say)
        : broker_(broker), clock_(clock), say_(say) {}

    asio::awaitable<void> run() {
        try {
            const auto found = co_await look();
            if (found.workers > 0) co_await wait_for_signs_of_life(found);
            co_await put_back(found.last_renewal);
            co_await take_over_old(found.store_time);
            co_await promote();
            report.set_aside = co_await broker_.set_aside();
        } catch (const redis::Error& error) {
            task::throw_store_error(error);
        }
    }

    RescueReport report;

private:
    asio::awaitable<broker::Registered> look() {
        auto found = co_await broker_.registered();
        if (!found.refusal.empty()) throw RescueRefused(found.refusal);
        co_return found;
    }

    // A worker whose lease ran out may live: while Redis was stopped nobody could renew. The reaper's rule.
    asio::awaitable<void> wait_for_signs_of_life(broker::Registered before) {
        const auto lease = before.longest_lease;
        say_(fmt::format("{} {} on the register: waiting {:.1f} s to see that none renews its lease",
                         before.workers, before.workers == 1 ? "worker is" : "workers are",
                         std::chrono::duration<double>(lease).count()));
        broker::ReaperGate gate{lease};
        Signal never;
        for (bool clear = false; !clear;) {
            const auto sent = clock_.steady();
            const auto now = co_await look();
            if (now.last_renewal > before.last_renewal || now.workers > before.workers) refuse(now.node);
            gate.answered(sent, clock_.steady(), now.store_time, now.run_id);
            clear = gate.sight(clock_.steady()).clear_for > milliseconds{0};
            if (!clear) co_await never.wait(std::min(lease / looks_in_a_lease, longest_between_looks));
        }
    }

    [[noreturn]] static void refuse(const std::string& node) {
        throw RescueRefused(fmt::format("worker {} is running: it takes care of this itself; stop it first",
                                        node.empty() ? "of unknown name" : node));
    }

    asio::awaitable<void> put_back(WallTime last_renewal) {
        for (bool more = true; more;) {
            const auto done = co_await broker_.rescue(last_renewal, broker::most_per_call);
            if (done.refused) refuse(done.node);
            report.put_back += done.put_back;
            report.buried += done.buried;
            more = done.more;
        }
    }

    asio::awaitable<void> take_over_old(WallTime seen) {
        const broker::Sight sight{.seen = seen, .good_for = no_matter_how_long, .clear_for = no_matter_how_long};
        for (bool more = true; more;) {
            const auto done = co_await broker_.take_over(sight, broker::most_per_call);
            report.of_old_layout += done.put_back;
            more = !done.incarnation.empty();
        }
    }

    asio::awaitable<void> promote() {
        for (bool more = true; more;) {
            const auto done = co_await broker_.promote({}, broker::most_per_call, true);
            report.delayed += done.moved;
            more = done.moved > 0;
        }
    }

    broker::Broker& broker_;
    const Clock& clock_;
    const Say& say_;
};

}  // namespace

RescueReport rescue(App& app, const std::function<void(const std::string&)>& say) {
    IoThread thread;
    const auto broker = thread.own(app.impl().make_broker(thread.executor(), app.name() + "-rescue"));
    Rescuer rescuer{*broker, app.impl().clock(), say};
    thread.run(rescuer.run());
    return rescuer.report;
}

}  // namespace samovar::inspect
