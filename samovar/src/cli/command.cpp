#include "cli/command.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>
#include <samovar/app.hpp>
#include <samovar/error.hpp>
#include <samovar/json.hpp>
#include <samovar/log.hpp>
#include <samovar/result.hpp>

#include "message/time_text.hpp"

namespace samovar::commands {

namespace {

constexpr std::size_t longest_quoted = 60;

std::string in_quotes(std::string_view text) {
    if (text.size() <= longest_quoted) return fmt::format("'{}'", text);
    auto end = longest_quoted;
    while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not in the midst of a character
    return fmt::format("'{}...'", text.substr(0, end));
}

std::string refusal(std::string_view text, std::string_view allowed) {
    return fmt::format("{} is not understood; allowed: {}", in_quotes(text), allowed);
}

template <class Number>
bool reads_as(std::string_view text, Number* number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
    return error == std::errc{} && end == text.data() + text.size();
}

Value parse_json_option(std::string_view option, const std::string& text) {
    try {
        return json::parse(text);
    } catch (const json::ParseError& error) {
        throw UsageError(fmt::format("{}: {} is not understood: {}", option, in_quotes(text), error.what()));
    }
}

}  // namespace

std::string not_understood(std::string_view option, std::string_view text, std::string_view allowed) {
    return fmt::format("{}: {}", option, refusal(text, allowed));
}

// CLI11's own checks print the range of a double with 309 digits.
Check seconds_from(double least, std::optional<double> most) {
    const auto allowed = most ? fmt::format("a number of seconds from {} to {}", least, *most)
                              : fmt::format("a number of seconds, {} or more", least);
    return [=](const std::string& text) {
        double seconds = 0;
        const bool fits =
            reads_as(text, &seconds) && std::isfinite(seconds) && seconds >= least && (!most || seconds <= *most);
        return fits ? std::string{} : refusal(text, allowed);
    };
}

Check whole_number(int least, int most) {
    return [=](const std::string& text) {
        int number = 0;
        const bool fits = reads_as(text, &number) && number >= least && number <= most;
        return fits ? std::string{} : refusal(text, fmt::format("a whole number from {} to {}", least, most));
    };
}

Check one_of(std::vector<std::string> names) {
    return [names = std::move(names)](const std::string& text) {
        const bool known = std::ranges::find(names, text) != names.end();
        return known ? std::string{} : refusal(text, fmt::format("{}", fmt::join(names, ", ")));
    };
}

Array parse_array_option(std::string_view option, const std::string& text) {
    auto value = parse_json_option(option, text);
    if (!value.if_array()) throw UsageError(not_understood(option, text, "a JSON array, such as '[1, \"a\"]'"));
    return std::move(*value.if_array());
}

Object parse_object_option(std::string_view option, const std::string& text) {
    auto value = parse_json_option(option, text);
    if (!value.if_object()) throw UsageError(not_understood(option, text, "a JSON object, such as '{\"a\": 1}'"));
    return std::move(*value.if_object());
}

WallTime parse_time_option(std::string_view option, const std::string& text) {
    if (const auto time = message::parse_time(text)) return *time;
    throw UsageError(not_understood(option, text, "a time such as 2030-01-02T03:04:05+03:00"));
}

std::chrono::milliseconds to_milliseconds(double seconds) {
    constexpr double longest = 300.0 * 365 * 86'400;
    return std::chrono::milliseconds{static_cast<std::int64_t>(std::min(seconds, longest) * 1000)};
}

void add_log_options(CLI::App& command, LogArguments* arguments) {
    command.add_option("-l,--loglevel", arguments->level, "debug, info, warning, error or critical")
        ->check(one_of({"debug", "info", "warning", "error", "critical"}))
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
        const auto problem = seconds_from(0)(text);
        if (!problem.empty()) throw CLI::ValidationError("--wait", problem);
        double seconds = 0;
        reads_as(text, &seconds);
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
