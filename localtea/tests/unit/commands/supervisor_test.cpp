#include "commands/supervisor.hpp"

#include <signal.h>

#include <stdexcept>

#include <gtest/gtest.h>

namespace localtea::commands {
namespace {

/// A shell script as a service, and how often it was started.
struct Script {
    std::string text;
    int starts = 0;

    ServiceOptions as_service(int stage = 0) {
        return {.name = "script", .stage = stage, .program = [this] {
                    ++starts;
                    return Program{
                        .arguments = {"/bin/sh", "-c", text}, .environment = {}, .death_signal = SIGKILL};
                }};
    }
};

TEST(Supervisor, starts_a_program_again_that_dies) {
    Script dying{"exit 1"};
    Supervisor supervisor{samovar::system_clock()};
    supervisor.start(dying.as_service());
    EXPECT_TRUE(supervisor.run_until([&] { return dying.starts == 3; }));
    EXPECT_EQ(supervisor.stop(), 0);
    EXPECT_EQ(dying.starts, 3);
}

TEST(Supervisor, ends_when_a_program_refuses_its_configuration) {
    Script refusing{"exit 2"};
    Script patient{"exec sleep 600"};
    Supervisor supervisor{samovar::system_clock()};
    supervisor.start(patient.as_service(0));
    supervisor.start(refusing.as_service(1));
    supervisor.run();
    EXPECT_EQ(refusing.starts, 1);
    EXPECT_EQ(supervisor.stop(), 2);
}

TEST(Supervisor, ends_when_it_is_asked_to) {
    Script patient{"exec sleep 600"};
    Supervisor supervisor{samovar::system_clock()};
    supervisor.start(patient.as_service());
    ::raise(SIGTERM);
    EXPECT_FALSE(supervisor.run_until([] { return false; }));
    EXPECT_EQ(supervisor.stop(), 0);
    EXPECT_EQ(supervisor.stop(), 0);
    EXPECT_EQ(patient.starts, 1);
}

TEST(Supervisor, tries_again_what_cannot_be_started) {
    int tries = 0;
    Supervisor supervisor{samovar::system_clock()};
    supervisor.start({.name = "missing", .stage = 0, .program = [&] {
                          ++tries;
                          return Program{
                              .arguments = {"/nonexistent/program"}, .environment = {}, .death_signal = SIGKILL};
                      }});
    EXPECT_TRUE(supervisor.run_until([&] { return tries == 2; }));
}

TEST(Supervisor, passes_on_why_a_program_must_not_be_started) {
    Supervisor supervisor{samovar::system_clock()};
    const auto refuse = []() -> Program { throw std::logic_error("not this one"); };
    EXPECT_THROW(supervisor.start({.name = "never", .stage = 0, .program = refuse}), std::logic_error);
}

}  // namespace
}  // namespace localtea::commands
