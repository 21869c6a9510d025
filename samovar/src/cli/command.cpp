#include "cli/command.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <samovar/app.hpp>
#include <samovar/error.hpp>
#include <samovar/json.hpp>
#include <samovar/log.hpp>
#include <samovar/result.hpp>

#include "message/time_text.hpp"

namespace samovar::commands {

Value parse_json_option(std::string_view option, const std::string& text) {
    try {
        return json::parse(text);
    } catch (const json::ParseError& error) {
        throw UsageError(fmt::format("{} is not JSON: {}", option, error.what()));
    }
}

WallTime parse_time_option(std::string_view option, const std::string& text) {
    if (const auto time = message::parse_time(text)) return *time;
    throw UsageError(fmt::format("{} is not a time like 2030-01-02T03:04:05+03:00: {}", option, text));
}

std::chrono::milliseconds to_milliseconds(double seconds) {
    constexpr double longest = 300.0 * 365 * 86'400;
    return std::chrono::milliseconds{static_cast<std::int64_t>(std::min(seconds, longest) * 1000)};
}

void add_log_options(CLI::App& command, LogArguments* arguments) {
    const auto check_level = [](const std::string& name) {
        return log::parse_level(name) ? std::string{}
                                      : "is none of debug, info, warning, error, critical: " + name;
    };
    command.add_option("-l,--loglevel", arguments->level, "debug, info, warning, error or critical")
        ->check(check_level)
        ->type_name("LEVEL")
        ->capture_default_str();
    command.add_option("-f,--logfile", arguments->file, "append the log to this file; SIGHUP opens it again")
        ->type_name("FILE");
}

void set_up_log(const App& app, const LogArguments& arguments) {
    auto lines = log::options();
    lines.level = log::parse_level(arguments.level).value();
    lines.file = arguments.file;
    lines.clock = app.options().clock;
    log::configure(lines);
}

std::chrono::milliseconds WaitOption::timeout() const {
    return seconds ? to_milliseconds(*seconds) : std::chrono::milliseconds::max();
}

void add_wait(CLI::App& command, WaitOption* wait) {
    auto take = [wait](const std::string& text) {
        wait->given = true;
        if (text.empty()) return;
        double seconds = 0;
        if (!CLI::detail::lexical_cast(text, seconds) || !(seconds >= 0)) {
            throw CLI::ValidationError("--wait", text + " is not a number of seconds, 0 or more");
        }
        wait->seconds = seconds;
    };
    command
        .add_option_function<std::string>("--wait", take,
                                          "wait for the result, at most so many seconds, and print it")
        ->expected(0, 1)
        ->type_name("[SECONDS]");
}

int print_result(const TaskResult& result) {
    if (const auto failure = result.failure()) {
        print_error(TaskError(result.id, *failure).what());
        return 1;
    }
    if (!result.ready()) {
        print_error(fmt::format("task {} has not ended: {}", result.id, result.state));
        return 1;
    }
    print_line(json::dump_compact(result.result));
    return 0;
}

void print_line(std::string_view text) { fmt::print("{}\n", text); }

void print_error(std::string_view text) {
    std::string line{text};
    std::ranges::replace(line, '\n', ' ');
    fmt::print(stderr, "error: {}\n", line);
}

}  // namespace samovar::commands
