#include <cstdio>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/command.hpp"
#include "inspect/rescue.hpp"

namespace samovar::commands {
namespace {

std::string messages(std::size_t count) { return count == 1 ? "1 message" : fmt::format("{} messages", count); }

void print_report(const inspect::RescueReport& report) {
    print_line(fmt::format("reserved by dead workers: {} put back into their queues", messages(report.put_back)));
    print_line(fmt::format("reserved by dead workers of an earlier release: {} put back into their queues",
                           messages(report.of_old_layout)));
    print_line(
        fmt::format("delayed: {} put into their queues, each with its eta, if any", messages(report.delayed)));
    if (report.buried > 0)
        print_line(fmt::format("dead letters: {} whose queue's key holds another type", messages(report.buried)));
    print_line(fmt::format("acknowledged before they ran: {} not put back, since they had started; kept for a day",
                           messages(report.set_aside)));
}

int run_rescue(App& app) {
    const auto say = [](const std::string& text) {
        print_line(text);
        std::fflush(stdout);
    };
    print_report(inspect::rescue(app, say));
    return 0;
}

}  // namespace

void add_rescue(CLI::App& root, Invocation* invocation) {
    auto& command = *root.add_subcommand(
        "rescue",
        "Where no worker of ours will run again: put what they held and what is delayed into Celery's queues.");
    command.footer(
        "Refused while a worker of ours lives. What was acknowledged before it ran is not put back, since it had "
        "started.");
    command.callback([=] { invocation->run = [=] { return run_rescue(*invocation->app); }; });
}

}  // namespace samovar::commands
