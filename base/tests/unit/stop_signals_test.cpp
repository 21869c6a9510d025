#include "base/stop_signals.hpp"

#include <csignal>
#include <filesystem>
#include <optional>

#include <gtest/gtest.h>
#include <samovar/log.hpp>

#include "support/loop.hpp"
#include "support/temporary_folder.hpp"

namespace samovar {
namespace {

class StopSignalsTest : public ::testing::Test {
protected:
    StopSignalsTest() {
        signals_->listen([this] { ++asked_; });
    }

    testing::Loop loop_;
    int asked_ = 0;
    std::optional<StopSignals> signals_{loop_.executor()};
};

TEST_F(StopSignalsTest, sigterm_and_sigint_ask_to_stop_every_time) {
    for (const int number : {SIGTERM, SIGINT, SIGINT}) {
        const int before = asked_;
        std::raise(number);
        loop_.until([&] { return asked_ == before + 1; });
    }
}

TEST_F(StopSignalsTest, sighup_opens_the_log_anew_and_stops_nothing) {
    const testing::TemporaryFolder folder;
    const auto file = folder.path() / "log";
    log::configure({.file = file});
    std::filesystem::rename(file, folder.path() / "rotated");
    std::raise(SIGHUP);
    loop_.until([&] { return std::filesystem::exists(file); });
    log::configure({});
    EXPECT_EQ(asked_, 0);
}

TEST_F(StopSignalsTest, nobody_is_asked_after_its_end) {
    std::raise(SIGTERM);
    signals_.reset();
    loop_.run_out();
    EXPECT_EQ(asked_, 0);
}

}  // namespace
}  // namespace samovar
