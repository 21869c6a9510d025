#include "commands/supervisor.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <set>

#include <fmt/format.h>

#include <samovar/log.hpp>

namespace localtea::commands {
namespace {

namespace log = samovar::log;
using namespace std::chrono_literals;

constexpr int interrupted_twice = 130;
constexpr std::chrono::milliseconds ask_every = 50ms;
constexpr std::chrono::milliseconds a_while = 1h;

/// What a stage gets that takes its time after the first SIGTERM. A worker's second one makes it put back what it
/// runs.
struct Urging {
    std::chrono::milliseconds after;
    int signal;
};
constexpr std::array urgings{Urging{20s, SIGTERM}, Urging{25s, SIGKILL}};

}  // namespace

Supervisor::Supervisor(const samovar::Clock& clock) : clock_(clock) {}

Supervisor::~Supervisor() {
    try {
        stop();
    } catch (const std::exception& error) {
        log::error(fmt::format("stopping failed, the rest is killed: {}", error.what()));
    }
}

void Supervisor::start(ServiceOptions options) {
    services_.push_back(std::make_unique<Service>(std::move(options), clock_));
    services_.back()->start();
}

bool Supervisor::must_end() const {
    return requests_to_stop_ > 0 || std::ranges::any_of(services_, &Service::refused_its_configuration);
}

bool Supervisor::run_until(const std::function<bool()>& done) {
    while (!must_end()) {
        if (done()) return true;
        step(ask_every);
    }
    return false;
}

void Supervisor::run() {
    while (!must_end()) step(a_while);
}

void Supervisor::step(std::chrono::milliseconds at_most) {
    const auto now = clock_.steady();
    for (const auto& service : services_)
        if (const auto due = service->next_start())
            // Rounded up: waking a moment early would only mean waiting again.
            at_most = std::min(at_most, std::chrono::ceil<std::chrono::milliseconds>(*due - now));
    const int signal = signals_.wait(at_most);
    if (signal != 0 && signal != SIGCHLD) ++requests_to_stop_;
    for (const auto& service : services_) service->look();
}

int Supervisor::stop() {
    std::set<int, std::greater<>> stages;
    for (const auto& service : services_) stages.insert(service->stage());
    for (const int stage : stages) stop_stage(stage);
    if (requests_to_stop_ > 1) return interrupted_twice;
    const bool refused = std::ranges::any_of(services_, &Service::refused_its_configuration);
    return refused ? Service::bad_configuration : 0;
}

void Supervisor::stop_stage(int stage) {
    const auto begin = clock_.steady();
    const bool holds_data =
        std::ranges::all_of(services_, [stage](const auto& service) { return service->stage() >= stage; });
    bool killed = false;
    auto next = urgings.begin();
    // Also to those that wait for their next start: from here on there is none.
    signal_stage(stage, SIGTERM);
    while (stage_runs(stage)) {
        const bool impatient = requests_to_stop_ > 1 && !holds_data && !killed;
        if (impatient) {
            killed = true;
            signal_stage(stage, SIGKILL);
        }
        const auto spent = clock_.steady() - begin;
        if (next != urgings.end() && spent >= next->after) signal_stage(stage, next++->signal);
        const auto rest = next == urgings.end() ? std::chrono::nanoseconds{a_while} : next->after - spent;
        step(std::chrono::ceil<std::chrono::milliseconds>(rest));
    }
}

void Supervisor::signal_stage(int stage, int number) {
    for (const auto& service : services_) {
        if (service->stage() != stage) continue;
        if (number == SIGKILL && service->running()) log::warning(fmt::format("{} is killed", service->name()));
        service->stop(number);
    }
}

bool Supervisor::stage_runs(int stage) const {
    return std::ranges::any_of(
        services_, [stage](const auto& service) { return service->stage() == stage && service->running(); });
}

}  // namespace localtea::commands
