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

TEST_F(StopSignalsTest, SigtermAndSigintAskToStopEveryTime) {
    for (const int number : {SIGTERM, SIGINT, SIGINT}) {
        const int before = asked_;
        std::raise(number);
        loop_.until([&] { return asked_ == before + 1; });
    }
}

TEST_F(StopSignalsTest, SighupOpensTheLogAnewAndStopsNothing) {
    const testing::TemporaryFolder folder;
    const auto file = folder.path() / "log";
    log::configure({.file = file});
    std::filesystem::rename(file, folder.path() / "rotated");
    std::raise(SIGHUP);
    loop_.until([&] { return std::filesystem::exists(file); });
    log::configure({});
    EXPECT_EQ(asked_, 0);
}

TEST_F(StopSignalsTest, NobodyIsAskedAfterItsEnd) {
    std::raise(SIGTERM);
    signals_.reset();
    loop_.run_out();
    EXPECT_EQ(asked_, 0);
}

}  // namespace
}  // namespace samovar
