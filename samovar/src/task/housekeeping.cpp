#include <samovar/app.hpp>

#include <stdexcept>
#include <utility>

#include "base/io_thread.hpp"
#include "base/roles.hpp"
#include "broker/leftovers.hpp"
#include "task/app_impl.hpp"

namespace samovar {
namespace {

constexpr std::chrono::milliseconds shortest_lease{10};

std::chrono::milliseconds usable(std::chrono::milliseconds lease) {
    if (lease < shortest_lease) throw std::invalid_argument("the lease of housekeeping has to be 10 ms or more");
    return lease;
}

}  // namespace

class Housekeeping::Impl {
public:
    Impl(const task::AppImpl& app, HousekeepingOptions options)
        : lease_(usable(options.lease)),
          roles_([ended = std::move(options.ended)](const std::string&) { ended(); }),
          broker_(thread_.own(app.make_broker(thread_.executor(), app.name() + "-housekeeping"))),
          leftovers_(*broker_, app.clock(), lease_) {
        leftovers_.start(roles_, thread_.executor());
    }

    ~Impl() {
        roles_.end_expected();
        leftovers_.stop();
        thread_.run(roles_.join());
    }

private:
    const std::chrono::milliseconds lease_;
    Roles roles_;
    IoThread thread_;
    IoThread::Owned<broker::Broker> broker_;
    broker::Leftovers leftovers_;
};

Housekeeping::Housekeeping(App& app, HousekeepingOptions options)
    : impl_(std::make_unique<Impl>(app.impl(), std::move(options))) {}
Housekeeping::~Housekeeping() = default;

}  // namespace samovar
