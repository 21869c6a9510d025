#include <gmock/gmock.h>
#include <samovar/cli.hpp>

#include "support/captured_run.hpp"

namespace samovar {
namespace {

using ::testing::HasSubstr;
using testing::run_command;

/// Nothing listens there: what gets as far as the store fails with exit code 1.
class Usage : public ::testing::Test {
protected:
    void expect_bad_usage(std::vector<std::string> arguments, const std::string& named) {
        const auto output = run_command(app, std::move(arguments));
        EXPECT_EQ(output.exit_code, 2);
        EXPECT_EQ(output.out, "");
        EXPECT_THAT(output.err, HasSubstr(named));
    }

    App app{
        "shop",
        {.broker_url = "redis://someone:hunter2@127.0.0.1:1/0", .call_timeout = std::chrono::milliseconds{50}}};
};

TEST_F(Usage, help_lists_every_command) {
    const auto output = run_command(app, {"--help"});
    EXPECT_EQ(output.exit_code, 0);
    for (const auto& command : cli_commands()) EXPECT_THAT(output.out, HasSubstr(std::string{command.name}));
}

TEST_F(Usage, every_listed_command_has_a_help_of_its_own) {
    for (const auto& command : cli_commands()) {
        const auto output = run_command(app, {std::string{command.name}, "--help"});
        EXPECT_EQ(output.exit_code, 0);
        EXPECT_THAT(output.out, HasSubstr(std::string{command.name}));
    }
}

TEST_F(Usage, help_of_the_worker_lists_its_options) {
    const auto output = run_command(app, {"worker", "--help"});
    for (const char* option : {"--loglevel", "--logfile", "-Q", "-c", "-n", "--lease", "--grace"}) {
        EXPECT_THAT(output.out, HasSubstr(option));
    }
}

TEST_F(Usage, what_is_not_built_is_refused) {
    expect_bad_usage({"flower"}, "flower");
    expect_bad_usage({"worker", "--autoscale", "1,2"}, "--autoscale");
    expect_bad_usage({"worker", "-E"}, "-E");
    expect_bad_usage({"dead", "resurrect"}, "resurrect");
}

TEST_F(Usage, a_question_that_workers_do_not_have_is_refused) {
    expect_bad_usage({"inspect"}, "method");
    expect_bad_usage({"inspect", "memdump"}, "memdump");
    expect_bad_usage({"inspect", "active", "now"}, "active takes no arguments");
    expect_bad_usage({"inspect", "query_task"}, "query_task needs ids of tasks");
    expect_bad_usage({"inspect", "-d", "a@h,b@h", "query_task"}, "query_task needs ids of tasks");
    expect_bad_usage({"status", "--timeout", "0"}, "--timeout");
}

TEST_F(Usage, a_command_is_needed) {
    expect_bad_usage({},
                     "a command is needed: worker, beat, call, result, delayed, dead, rescue, "
                     "inspect, status");
    expect_bad_usage({"dead"}, "a command is needed: list, show, retry, drop");
    expect_bad_usage({"delayed"}, "a command is needed: list, cancel, run-now");
    expect_bad_usage({"call"}, "task");
}

TEST_F(Usage, options_that_cannot_be_read_are_named) {
    expect_bad_usage({"worker", "--loglevel", "loud"}, "--loglevel");
    expect_bad_usage({"worker", "-c", "0"}, "--concurrency");
    expect_bad_usage({"worker", "--lease", "0"}, "--lease");
    expect_bad_usage({"call", "t", "--args", "[1"}, "--args");
    expect_bad_usage({"call", "t", "--args", "{}"}, "--args: '{}' is not understood; allowed: a JSON array");
    expect_bad_usage({"call", "t", "--kwargs", "[]"}, "--kwargs: '[]' is not understood; allowed: a JSON object");
    expect_bad_usage({"call", "t", "--eta", "tomorrow"}, "--eta");
    expect_bad_usage({"call", "t", "--expires", "tomorrow"}, "--expires");
    expect_bad_usage({"call", "t", "--expires", "-1"}, "--expires");
    expect_bad_usage({"call", "t", "--countdown", "-1"}, "--countdown");
    expect_bad_usage({"call", "t", "--priority", "10"}, "--priority");
    expect_bad_usage({"call", "t", "--countdown", "1", "--eta", "2030-01-01"}, "--eta");
    expect_bad_usage({"result", "some-id", "--wait", "soon"}, "--wait");
}

// A command line, and what it is answered with.
const std::vector<std::pair<std::vector<std::string>, std::string>> wrong_lines{
    {{"call", "t", "--countdown", "30s"},
     "--countdown: '30s' is not understood; allowed: a number of seconds, 0 or more"},
    {{"call", "t", "--countdown", "nan"}, "--countdown: 'nan' is not understood"},
    {{"call", "t", "--countdown", "inf"}, "--countdown: 'inf' is not understood"},
    {{"call", "t", "--countdown", "0x10"}, "--countdown: '0x10' is not understood"},
    {{"call", "t", "--countdown", ""}, "--countdown: '' is not understood"},
    {{"call", "t", "--countdown", "1", "--eta", "2030-01-01"}, "of --countdown and --eta only one can be given"},
    {{"call", "t", "--priority", "high"},
     "--priority: 'high' is not understood; allowed: a whole number from 0 to 9"},
    {{"call", "t", "--priority", "1.5"}, "--priority: '1.5' is not understood"},
    {{"call", "t", "--eta", "2030-13-01"},
     "--eta: '2030-13-01' is not understood; allowed: a time such as 2030-01-02T03:04:05+03:00"},
    {{"call", "t", "--expires", "5m"},
     "--expires: '5m' is not understood; allowed: a time such as 2030-01-02T03:04:05+03:00, or seconds, 0 or "
     "more"},
    {{"call", "t", "--expires", "nan"}, "--expires: 'nan' is not understood"},
    {{"call", "t", "--args", "[1,"}, "--args: '[1,' is not understood: "},
    {{"call", "t", "--args", "5"}, "--args: '5' is not understood; allowed: a JSON array, such as '[1, \"a\"]'"},
    {{"call", "t", "--args", std::string(58, ' ') + "\u0447\u0447\u0447 x"}, " \u0447...' is not understood: "},
    {{"call", "t", "--wait", "5s"}, "--wait: '5s' is not understood; allowed: a number of seconds, 0 or more"},
    {{"call", "t", "extra"}, "call: 'extra' is not understood"},
    {{"call", "t", "--nope"}, "call: '--nope' is not understood"},
    {{"call"}, "call: task is required"},
    {{"call", ""}, "a call needs the name of a task"},
    {{"result", "a", "b"}, "result: 'b' is not understood"},
    {{"worker", "-c", "many"}, "--concurrency: 'many' is not understood; allowed: a whole number from 1 to 10000"},
    {{"worker", "-c", "10001"}, "--concurrency: '10001' is not understood"},
    {{"worker", "--lease", "10s"},
     "--lease: '10s' is not understood; allowed: a number of seconds from 0.1 to 86400"},
    {{"worker", "--lease", "nan"}, "--lease: 'nan' is not understood"},
    {{"worker", "--lease", "inf"}, "--lease: 'inf' is not understood"},
    {{"worker", "--grace", "nan"}, "--grace: 'nan' is not understood"},
    {{"worker", "-c", "nan"}, "--concurrency: 'nan' is not understood"},
    {{"worker", "-Q", ""}, "--queues: '' is not understood; allowed: names of queues, with a comma between them"},
    {{"worker", "-Q", "a,,b"}, "--queues: 'a,,b' is not understood"},
    {{"worker", "-Q", "a,"}, "--queues: 'a,' is not understood"},
    {{"worker", "-n", ""}, "a worker needs a name"},
    {{"beat", "--lease", "nan"}, "--lease: 'nan' is not understood"},
    {{"worker", "--grace", "-1"}, "--grace: '-1' is not understood; allowed: a number of seconds, 0 or more"},
    {{"worker", "--loglevel", "loud"},
     "--loglevel: 'loud' is not understood; allowed: debug, info, warning, error, critical"},
    {{"inspect", "memdump"}, "method: 'memdump' is not understood; allowed: active, active_queues, clock"},
    {{"inspect", "active", "-t", "1s"},
     "--timeout: '1s' is not understood; allowed: a number of seconds from 0.001"},
    {{"status", "now"}, "status: 'now' is not understood"},
    {{"dead", "polish"}, "dead: 'polish' is no command; allowed: list, show, retry, drop"},
    {{"dead", "show"}, "dead show: id is required"},
    {{"delayed", "cancel"}, "delayed cancel: ids is required"},
    {{"flower"}, "'flower' is no command; allowed: worker, beat, call"},
    {{"beat", "add", "n", "t"}, "beat add: schedule is required"},
    {{"beat", "add", "n", "t", "every 0s"},
     "every: '0s' is not understood; allowed: a number with its unit (ms, s, m, h or d), from 1ms to 36500d"},
    {{"beat", "add", "n", "t", "every 30"}, "every: '30' is not understood"},
    {{"beat", "add", "n", "t", "every 1.5 h"},
     "schedule: 'every 1.5 h' is not understood; allowed: every 90s, or"},
    {{"beat", "add", "n", "t", "crontab * * * *"}, "crontab: '* * * *' has 4 of the five fields that are needed"},
    {{"beat", "add", "n", "t", "crontab 61 * * * *"}, "minute: '61' is out of range; allowed: "},
    {{"beat", "add", "n", "t", "every 9s", "--catch-up", "1h"}, "--catch-up: '1h' is not understood"},
    {{"beat", "--lease", "0"}, "--lease: '0' is not understood; allowed: a number of seconds from 0.1 to 86400"},
};

TEST_F(Usage, what_was_written_and_what_is_allowed_are_told_in_one_clause) {
    for (const auto& [arguments, told] : wrong_lines) {
        const auto output = run_command(app, arguments);
        EXPECT_EQ(output.exit_code, 2) << told;
        const auto line = output.err.substr(0, output.err.find('\n'));
        EXPECT_THAT(line, HasSubstr(told));
        EXPECT_LT(line.size(), 250U) << line;
    }
}

TEST_F(Usage, a_store_that_cannot_be_reached_is_a_failure_told_in_one_line_without_the_password) {
    const std::vector<std::vector<std::string>> all{{"call", "any.task"}, {"result", "some-id"}, {"dead", "list"}};
    for (const auto& arguments : all) {
        const auto output = run_command(app, arguments);
        EXPECT_EQ(output.exit_code, 1);
        EXPECT_EQ(output.out, "");
        EXPECT_EQ(std::ranges::count(output.err, '\n'), 1) << output.err;
        EXPECT_THAT(output.err, ::testing::Not(HasSubstr("hunter2")));
    }
}

}  // namespace
}  // namespace samovar
