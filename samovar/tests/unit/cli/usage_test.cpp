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
    expect_bad_usage({}, "a command is needed: worker, beat, call, result, delayed, dead, inspect, status");
    expect_bad_usage({"dead"}, "a command is needed: list, show, retry, drop");
    expect_bad_usage({"delayed"}, "a command is needed: list, cancel, run-now");
    expect_bad_usage({"call"}, "task");
}

TEST_F(Usage, options_that_cannot_be_read_are_named) {
    expect_bad_usage({"worker", "--loglevel", "loud"}, "--loglevel");
    expect_bad_usage({"worker", "-c", "0"}, "--concurrency");
    expect_bad_usage({"worker", "--lease", "0"}, "--lease");
    expect_bad_usage({"call", "t", "--args", "[1"}, "--args");
    expect_bad_usage({"call", "t", "--args", "{}"}, "--args has to be a JSON array");
    expect_bad_usage({"call", "t", "--kwargs", "[]"}, "--kwargs has to be a JSON object");
    expect_bad_usage({"call", "t", "--eta", "tomorrow"}, "--eta");
    expect_bad_usage({"call", "t", "--expires", "tomorrow"}, "--expires");
    expect_bad_usage({"call", "t", "--expires", "-1"}, "--expires");
    expect_bad_usage({"call", "t", "--countdown", "-1"}, "--countdown");
    expect_bad_usage({"call", "t", "--priority", "10"}, "--priority");
    expect_bad_usage({"call", "t", "--countdown", "1", "--eta", "2030-01-01"}, "--eta");
    expect_bad_usage({"result", "some-id", "--wait", "soon"}, "--wait");
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
