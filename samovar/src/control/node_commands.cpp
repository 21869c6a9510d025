// ping, clock, hello, stats, report, shutdown.
#include <array>

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/utsname.h>

#include <samovar/json.hpp>
#include <samovar/log.hpp>
#include <samovar/version.hpp>

#include "control/commands.hpp"
#include "control/settings.hpp"

namespace samovar::control {
namespace {

asio::awaitable<Answer> ping(Panel, Object) { co_return Object{{"ok", "pong"}}; }

asio::awaitable<Answer> clock(Panel panel, Object) { co_return Object{{"clock", panel.clock->value()}}; }

// A worker that starts asks the others what was revoked. Nothing is, here: what a Python worker knows it keeps.
asio::awaitable<Answer> hello(Panel panel, Object arguments) {
    const Value* from = arguments.find("from_node");
    if (!from || !from->if_string()) throw BadArgument{"from_node: must be a string"};
    const auto& facts = panel.node->facts();
    if (*from->if_string() == facts.name) co_return Value{};
    co_return Object{{"revoked", Object{}}, {"clock", panel.clock->forward()}};
}

Object totals(const NodeFacts& facts) {
    Object totals;
    for (const auto& [name, definition] : facts.app->registry().all())
        if (const auto count = definition.started.count()) totals.append(name, count);
    return totals;
}

Object pool(const NodeFacts& facts) {
    return {{"implementation", "samovar:threads"},
            {"max-concurrency", facts.concurrency},
            {"processes", Array{facts.pid}}};
}

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

Object resource_usage() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return {{"utime", seconds_of(usage.ru_utime)},
            {"stime", seconds_of(usage.ru_stime)},
            {"maxrss", usage.ru_maxrss},
            {"ixrss", usage.ru_ixrss},
            {"idrss", usage.ru_idrss},
            {"isrss", usage.ru_isrss},
            {"minflt", usage.ru_minflt},
            {"majflt", usage.ru_majflt},
            {"nswap", usage.ru_nswap},
            {"inblock", usage.ru_inblock},
            {"oublock", usage.ru_oublock},
            {"msgsnd", usage.ru_msgsnd},
            {"msgrcv", usage.ru_msgrcv},
            {"nsignals", usage.ru_nsignals},
            {"nvcsw", usage.ru_nvcsw},
            {"nivcsw", usage.ru_nivcsw}};
}

asio::awaitable<Answer> stats(Panel panel, Object) {
    const auto& facts = panel.node->facts();
    const auto uptime = facts.app->clock().steady() - facts.started;
    co_return Object{{"total", totals(facts)},
                     {"pid", facts.pid},
                     {"clock", std::to_string(panel.clock->value())},
                     {"uptime", std::chrono::duration_cast<std::chrono::seconds>(uptime).count()},
                     {"pool", pool(facts)},
                     {"broker", broker_settings(facts)},
                     {"prefetch_count", facts.concurrency},
                     {"rusage", resource_usage()}};
}

asio::awaitable<Answer> report(Panel panel, Object) {
    utsname system{};
    ::uname(&system);
    auto text =
        fmt::format("\nsoftware -> samovar:{} compiler:{}\nplatform -> system:{} arch:{} kernel version:{}\n\n",
                    version(), __VERSION__, system.sysname, system.machine, system.release);
    for (const auto& [name, value] : settings(panel.node->facts(), false))
        text += fmt::format("{}: {}\n", name, json::dump(value));
    co_return Object{{"ok", std::move(text)}};
}

asio::awaitable<Answer> shutdown(Panel panel, Object) {
    log::warning("shutdown was asked for by remote control");
    panel.node->shut_down();
    co_return std::nullopt;
}

constexpr std::array about_nodes{
    Command{"ping", "", ping},   Command{"clock", "", clock},   Command{"hello", "", hello},
    Command{"stats", "", stats}, Command{"report", "", report}, Command{"shutdown", "", shutdown},
};

}  // namespace

std::span<const Command> node_commands() { return about_nodes; }

}  // namespace samovar::control
