#include "commands/child_process.hpp"

#include <signal.h>

#include <system_error>

#include <gtest/gtest.h>

#include "commands/process_handle.hpp"

namespace localtea::commands {
namespace {

Program shell(std::string script) {
    return {.arguments = {"/bin/sh", "-c", std::move(script)},
            .environment = {{"GREETING", "tea time"}},
            .death_signal = SIGKILL};
}

ExitStatus wait_for(ChildProcess& child) {
    const ProcessHandle process{child.pid()};
    EXPECT_TRUE(process.ends_within(std::chrono::minutes{1}));
    return child.ended().value();
}

TEST(ChildProcess, ends_with_its_exit_code) {
    ChildProcess child{shell("exit 7")};
    EXPECT_EQ(wait_for(child), (ExitStatus{.code = 7}));
    EXPECT_EQ(child.ended(), (ExitStatus{.code = 7}));
}

TEST(ChildProcess, has_the_given_environment_and_no_other) {
    ChildProcess child{shell("test \"$GREETING\" = 'tea time' && test -z \"$HOME\"")};
    EXPECT_EQ(wait_for(child), (ExitStatus{.code = 0}));
}

TEST(ChildProcess, leads_a_process_group_and_reads_nothing) {
    ChildProcess child{
        shell("read line; read -r pid name state parent group rest < /proc/self/stat; "
              "test \"$pid\" = \"$group\"")};
    EXPECT_EQ(wait_for(child), (ExitStatus{.code = 0}));
}

TEST(ChildProcess, killed_by_a_signal_says_which) {
    ChildProcess child{shell("kill -TERM $$")};
    EXPECT_EQ(wait_for(child), (ExitStatus{.code = std::nullopt, .signal = SIGTERM}));
}

TEST(ChildProcess, that_runs_has_not_ended_and_takes_signals) {
    ChildProcess child{shell("exec sleep 600")};
    EXPECT_EQ(child.ended(), std::nullopt);
    child.signal(SIGTERM);
    EXPECT_EQ(wait_for(child).signal, SIGTERM);
}

TEST(ChildProcess, dies_with_its_owner) {
    pid_t pid = 0;
    {
        const ChildProcess child{shell("exec sleep 600")};
        pid = child.pid();
    }
    EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(ChildProcess, of_a_file_that_is_none_is_an_error) {
    try {
        ChildProcess child{{.arguments = {"/nonexistent/program"}, .environment = {}, .death_signal = SIGKILL}};
        FAIL() << "it started";
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
    }
}

}  // namespace
}  // namespace localtea::commands
