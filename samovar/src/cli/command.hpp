// What the files of the single commands share.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <samovar/clock.hpp>
#include <samovar/value.hpp>

namespace CLI {
class App;
}

namespace samovar {
class App;
struct TaskResult;
}  // namespace samovar

namespace samovar::commands {

/// One run of the program: parsing the command line sets what to do.
struct Invocation {
    /// Lifetime: until the command has ended.
    App* app = nullptr;
    /// Returns the exit code.
    std::function<int()> run;
};

/// The options contradict each other or cannot be read. Exit code 2.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// One for each subcommand. They add it to `root`; when it is parsed it sets `invocation->run`.
void add_worker(CLI::App& root, Invocation* invocation);
void add_call(CLI::App& root, Invocation* invocation);
void add_result(CLI::App& root, Invocation* invocation);
void add_delayed(CLI::App& root, Invocation* invocation);
void add_dead(CLI::App& root, Invocation* invocation);
void add_rescue(CLI::App& root, Invocation* invocation);
void add_beat(CLI::App& root, Invocation* invocation);
/// `beat list` and the others that look after its entries, without `beat` itself.
void add_beat_entries(CLI::App& root, Invocation* invocation);
void add_inspect(CLI::App& root, Invocation* invocation);
void add_status(CLI::App& root, Invocation* invocation);

/// Parses the command line and runs the command. `invocation->app` is read only when it runs, after
/// `before_run`, if there is one. Returns the process's exit code, see cli(); throws nothing.
int run_command_line(CLI::App& root, Invocation* invocation, int argc, char** argv,
                     const std::function<void()>& before_run = {});

/// "--eta: 'noon' is not understood; allowed: ..."; a long text is cut.
std::string not_understood(std::string_view option, std::string_view text, std::string_view allowed);

/// Checks of an option, for CLI::Option::check(): empty, or what was written and what is allowed.
using Check = std::function<std::string(const std::string&)>;
/// A number of seconds, fractions allowed.
Check seconds_from(double least, std::optional<double> most = std::nullopt);
Check whole_number(int least, int most);
Check one_of(std::vector<std::string> names);

/// Errors: UsageError that names the option.
Array parse_array_option(std::string_view option, const std::string& text);
Object parse_object_option(std::string_view option, const std::string& text);
WallTime parse_time_option(std::string_view option, const std::string& text);

/// An option given in seconds, fractions allowed. Longer than 300 years counts as that.
std::chrono::milliseconds to_milliseconds(double seconds);

/// Where the log goes, as the commands that run for long let one choose.
struct LogArguments {
    std::string level = "info";
    std::string file;
};
void add_log_options(CLI::App& command, LogArguments* arguments);
/// The program has chosen the format before.
void set_up_log(const App& app, const LogArguments& arguments);

/// `--wait` with nothing behind it waits for ever.
struct WaitOption {
    bool given = false;
    std::optional<double> seconds;

    std::chrono::milliseconds timeout() const;
};
void add_wait(CLI::App& command, WaitOption* wait);

/// The value on stdout and 0; or, when there is none, the reason on stderr and 1.
int print_result(const TaskResult& result);

void print_line(std::string_view text);
/// One line on stderr after the program's name.
void print_error(std::string_view text);

}  // namespace samovar::commands
